-- The first schema. Each numbered file is one migration: it runs in one transaction and
-- PRAGMA user_version becomes its number.

-- Settings: rule (how repeats become one label), threshold, split and run in use.
CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Prices in dollars per million tokens. The id is also the model's column in answer.scores.
CREATE TABLE model (
	id        INTEGER PRIMARY KEY CHECK (id > 0),
	name      TEXT NOT NULL UNIQUE CHECK (name <> ''),
	price_in  REAL CHECK (price_in >= 0),
	price_out REAL CHECK (price_out >= 0)
) STRICT;

-- What is known of a model beside its answers: family, size, org, as NAME=VALUE.
CREATE TABLE model_tag (
	model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
	key   TEXT NOT NULL CHECK (key <> ''),
	value TEXT NOT NULL,
	PRIMARY KEY (model, key)
) STRICT, WITHOUT ROWID;

-- A group of questions, such as an exam.
CREATE TABLE benchmark (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

-- A question is its benchmark and the sha-256 of its exact text.
CREATE TABLE question (
	id        INTEGER PRIMARY KEY,
	benchmark INTEGER NOT NULL REFERENCES benchmark,
	hash      BLOB NOT NULL CHECK (length(hash) = 32),
	text      TEXT NOT NULL,
	UNIQUE (benchmark, hash)
) STRICT;

-- One file (or directory, or triple of files) brought in; `import --undo ID` takes it out.
CREATE TABLE import (
	id        INTEGER PRIMARY KEY,
	created   TEXT NOT NULL,
	file      TEXT NOT NULL,
	format    TEXT NOT NULL,
	part      TEXT CHECK (part IN ('train', 'val', 'test')), -- of all its items, if one
	rows      INTEGER NOT NULL CHECK (rows >= 0),
	missing   INTEGER NOT NULL,
	repeats   INTEGER NOT NULL,
	conflicts INTEGER NOT NULL,
	skipped   INTEGER NOT NULL,
	note      TEXT NOT NULL
) STRICT;

-- The models of an import and their model_id in the file, if it had one.
CREATE TABLE source_model (
	import INTEGER NOT NULL REFERENCES import,
	model  INTEGER NOT NULL REFERENCES model,
	key    TEXT,
	PRIMARY KEY (import, model)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_model_model ON source_model (model);

-- One prompt as an import lists it: under its prompt_id, raw category and part. The ids of an
-- import are contiguous.
CREATE TABLE item (
	id       INTEGER PRIMARY KEY,
	import   INTEGER NOT NULL REFERENCES import,
	question INTEGER NOT NULL REFERENCES question,
	key      TEXT,
	category TEXT NOT NULL,
	part     TEXT CHECK (part IN ('train', 'val', 'test')),
	variant  TEXT
) STRICT;
CREATE INDEX item_import ON item (import);
CREATE INDEX item_question ON item (question);

-- Every raw row; score NULL is a missing label. n counts the rows of one question and model
-- within one import in the order of the file.
CREATE TABLE response (
	item  INTEGER NOT NULL REFERENCES item,
	model INTEGER NOT NULL REFERENCES model,
	n     INTEGER NOT NULL,
	score REAL CHECK (score BETWEEN 0 AND 1),
	PRIMARY KEY (item, model, n)
) STRICT, WITHOUT ROWID;

-- The resolved labels of a question, packed: little-endian float32 by model id - 1, NaN or beyond
-- the end is missing. weights (same layout) only where one is not 1. The view label says the same
-- row by row.
CREATE TABLE answer (
	question INTEGER PRIMARY KEY REFERENCES question ON DELETE CASCADE,
	scores   BLOB NOT NULL CHECK (length(scores) % 4 = 0),
	weights  BLOB CHECK (length(weights) = length(scores))
) STRICT;

-- Summary of answer: labels counts questions, seen sums weights, correct sums weight * score.
CREATE TABLE accuracy (
	model     INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
	benchmark INTEGER NOT NULL REFERENCES benchmark ON DELETE CASCADE,
	labels    INTEGER NOT NULL,
	seen      REAL NOT NULL,
	correct   REAL NOT NULL,
	PRIMARY KEY (model, benchmark)
) STRICT, WITHOUT ROWID;

-- A division of the questions into parts; meta says which one is in use.
CREATE TABLE split (
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL UNIQUE CHECK (name <> ''),
	source TEXT NOT NULL CHECK (source IN ('drawn', 'imported')),
	seed   INTEGER, -- of a drawn one; test and val in percent
	test   REAL,
	val    REAL
) STRICT;

-- Which part a question is in.
CREATE TABLE split_part (
	split    INTEGER NOT NULL REFERENCES split ON DELETE CASCADE,
	question INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
	part     TEXT NOT NULL CHECK (part IN ('train', 'val', 'test')),
	PRIMARY KEY (split, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX split_part_question ON split_part (question);

-- A fitted encoder, frozen: the same identity gives the same vectors.
CREATE TABLE encoder (
	id       INTEGER PRIMARY KEY,
	identity TEXT NOT NULL UNIQUE,
	kind     TEXT NOT NULL,
	note     TEXT NOT NULL,
	dims     INTEGER NOT NULL CHECK (dims > 0),
	data     BLOB NOT NULL
) STRICT;

-- Question vectors: dims little-endian float32.
CREATE TABLE encoding (
	encoder  INTEGER NOT NULL REFERENCES encoder ON DELETE CASCADE,
	question INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
	data     BLOB NOT NULL CHECK (length(data) % 4 = 0),
	UNIQUE (encoder, question)
) STRICT;
CREATE INDEX encoding_question ON encoding (question);

-- One training: settings, state, and in summary and calibration what came of it.
CREATE TABLE run (
	id          INTEGER PRIMARY KEY,
	created     TEXT NOT NULL,
	method      TEXT NOT NULL,
	split       INTEGER REFERENCES split ON DELETE SET NULL,
	encoder     INTEGER REFERENCES encoder ON DELETE SET NULL,
	split_name  TEXT NOT NULL,
	settings    TEXT NOT NULL CHECK (json_valid(settings)),
	seed        INTEGER NOT NULL,
	threads     INTEGER NOT NULL,
	kernel      TEXT NOT NULL,
	data_digest TEXT NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'done', 'failed')),
	epochs      INTEGER NOT NULL DEFAULT 0,
	best_epoch  INTEGER NOT NULL DEFAULT 0,
	seconds     REAL NOT NULL DEFAULT 0,
	summary     TEXT CHECK (summary IS NULL OR json_valid(summary)),
	calibration TEXT CHECK (calibration IS NULL OR json_valid(calibration))
) STRICT;
CREATE INDEX run_split ON run (split);
CREATE INDEX run_encoder ON run (encoder);

-- Loss and accuracy after every epoch of a run.
CREATE TABLE curve (
	run            INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	epoch          INTEGER NOT NULL,
	train_loss     REAL,
	train_accuracy REAL,
	val_loss       REAL,
	val_accuracy   REAL,
	seconds        REAL,
	PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

-- What a stopped run goes on from, and its best epoch.
CREATE TABLE checkpoint (
	run   INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	kind  TEXT NOT NULL CHECK (kind IN ('last', 'best')),
	epoch INTEGER NOT NULL,
	data  BLOB NOT NULL,
	UNIQUE (run, kind)
) STRICT;

-- What a run learned: little-endian float32. A vector of kind 'model' goes with its model.
CREATE TABLE vector (
	run   INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	kind  TEXT NOT NULL,
	owner INTEGER NOT NULL,
	model INTEGER AS (CASE kind WHEN 'model' THEN owner END) STORED
	      REFERENCES model ON DELETE CASCADE,
	data  BLOB NOT NULL CHECK (length(data) % 4 = 0),
	UNIQUE (run, kind, owner)
) STRICT;
CREATE INDEX vector_model ON vector (model) WHERE model IS NOT NULL;

-- Results that took long (probe, map), by what they were asked with.
CREATE TABLE cache (
	run   INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	key   TEXT NOT NULL,
	value TEXT NOT NULL,
	UNIQUE (run, key)
) STRICT;

-- The truth that a demo database was drawn from, as little-endian float64: P(right) is the
-- logistic function of the inner product. A model's key is its name, a question's the sha-256 of
-- its text; nothing refers to them, so editing the database leaves the truth as it was.
CREATE TABLE planted (
	kind TEXT NOT NULL CHECK (kind IN ('model', 'question')),
	key  BLOB NOT NULL,
	data BLOB NOT NULL CHECK (length(data) % 8 = 0),
	PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- For people: the labels under the database's rule, one a row.
CREATE VIEW label (question, model, score, weight) AS
SELECT i.question, r.model,
	CASE m.rule
	WHEN 'majority' THEN
		CASE WHEN 2 * sum(r.score >= m.threshold) > count(r.score) THEN 1.0
		     WHEN 2 * sum(r.score >= m.threshold) < count(r.score) THEN 0.0 END
	WHEN 'max' THEN max(r.score >= m.threshold) * 1.0
	WHEN 'first' THEN (
		SELECT (s.score >= m.threshold) * 1.0
		FROM item j JOIN response s ON s.item = j.id AND s.model = r.model
		WHERE j.question = i.question AND s.score IS NOT NULL
		ORDER BY j.import, s.n LIMIT 1)
	WHEN 'last' THEN (
		SELECT (s.score >= m.threshold) * 1.0
		FROM item j JOIN response s ON s.item = j.id AND s.model = r.model
		WHERE j.question = i.question AND s.score IS NOT NULL
		ORDER BY j.import DESC, s.n DESC LIMIT 1)
	ELSE avg(r.score)
	END,
	CASE m.rule WHEN 'rows' THEN count(r.score) * 1.0 ELSE 1.0 END
FROM (SELECT (SELECT value FROM meta WHERE key = 'rule') AS rule,
             CAST((SELECT value FROM meta WHERE key = 'threshold') AS REAL) AS threshold) AS m,
	item AS i JOIN response AS r ON r.item = i.id
GROUP BY i.question, r.model;

-- For people: how right each model is on each benchmark.
CREATE VIEW model_benchmark (model, benchmark, labels, accuracy) AS
SELECT m.name, b.name, a.labels, a.correct / a.seen
FROM accuracy AS a JOIN model AS m ON m.id = a.model JOIN benchmark AS b ON b.id = a.benchmark
ORDER BY m.name, b.name;

-- For people: how right each model is over all benchmarks, best first.
CREATE VIEW model_overall (model, labels, accuracy) AS
SELECT m.name, sum(a.labels), sum(a.correct) / sum(a.seen)
FROM accuracy AS a JOIN model AS m ON m.id = a.model
GROUP BY m.id ORDER BY 3 DESC;

-- For people: the rows as they were imported, with names.
CREATE VIEW imported_row (import, prompt_id, category, part, model, score, prompt) AS
SELECT i.import, i.key, i.category, i.part, m.name, r.score, q.text
FROM response AS r JOIN item AS i ON i.id = r.item JOIN model AS m ON m.id = r.model
	JOIN question AS q ON q.id = i.question;
