-- The second schema: what rows say besides their label, under which settings a model was run, and
-- what an import had to say.

-- What an evaluation says of a response besides its label: of how many tries the label is the mean,
-- dollars, tokens, seconds. A response without a row says none of it.
CREATE TABLE usage (
	item       INTEGER NOT NULL,
	model      INTEGER NOT NULL,
	n          INTEGER NOT NULL,
	trials     INTEGER CHECK (trials > 0),
	cost       REAL CHECK (cost >= 0),
	tokens_in  REAL CHECK (tokens_in >= 0),
	tokens_out REAL CHECK (tokens_out >= 0),
	seconds    REAL CHECK (seconds >= 0),
	PRIMARY KEY (item, model, n),
	FOREIGN KEY (item, model, n) REFERENCES response
) STRICT, WITHOUT ROWID;

-- Summary of usage: the means of a response, and the prices in dollars per million tokens where
-- costs and tokens determine them.
CREATE TABLE model_usage (
	model      INTEGER PRIMARY KEY REFERENCES model ON DELETE CASCADE,
	cost       REAL,
	tokens_in  REAL,
	tokens_out REAL,
	seconds    REAL,
	price_in   REAL,
	price_out  REAL
) STRICT;

-- Under which settings (shots, revision, decoding ...) an import's runs of a model were made. The
-- category is '' where a setting holds for all tasks of the run.
CREATE TABLE setting (
	import   INTEGER NOT NULL REFERENCES import,
	model    INTEGER NOT NULL REFERENCES model,
	run      INTEGER NOT NULL,
	category TEXT NOT NULL,
	key      TEXT NOT NULL,
	value    TEXT NOT NULL,
	PRIMARY KEY (import, model, run, category, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX setting_model ON setting (model);

-- What an import had to say: choices made, things left out, how its figures compare with those of
-- the results files.
CREATE TABLE remark (
	import INTEGER NOT NULL REFERENCES import,
	n      INTEGER NOT NULL,
	kind   TEXT NOT NULL,
	text   TEXT NOT NULL,
	PRIMARY KEY (import, n)
) STRICT, WITHOUT ROWID;
INSERT INTO remark SELECT id, 1, 'choice', note FROM import WHERE note <> '';
ALTER TABLE import DROP COLUMN note;

DROP VIEW imported_row;
-- For people: the rows as they were imported, with names.
CREATE VIEW imported_row (import, prompt_id, category, part, model, score, prompt,
	trials, cost, tokens_in, tokens_out, seconds) AS
SELECT i.import, i.key, i.category, i.part, m.name, r.score, q.text,
	u.trials, u.cost, u.tokens_in, u.tokens_out, u.seconds
FROM response AS r JOIN item AS i ON i.id = r.item JOIN model AS m ON m.id = r.model
	JOIN question AS q ON q.id = i.question
	LEFT JOIN usage AS u ON u.item = r.item AND u.model = r.model AND u.n = r.n;
