-- The third schema: the self-check of an import, figure by figure.

-- What an import's source says its rows come to, by model and task, beside what came in: so many rows
-- with that mean of their labels. NULL where the source does not say.
CREATE TABLE claim (
	import       INTEGER NOT NULL REFERENCES import,
	n            INTEGER NOT NULL,
	model        INTEGER NOT NULL REFERENCES model,
	task         TEXT NOT NULL,
	metric       TEXT NOT NULL,
	source       TEXT NOT NULL,
	claimed_rows REAL,
	claimed_mean REAL,
	rows         INTEGER NOT NULL,
	mean         REAL,
	verdict      TEXT NOT NULL,
	PRIMARY KEY (import, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_model ON claim (model);
