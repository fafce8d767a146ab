CREATE TABLE viability_runs (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    depth TEXT NOT NULL,
    -- JSON of the steps to try.
    actions TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX viability_runs_by_age ON viability_runs (created_at);

-- A run is completed when each of its addresses has a result.
CREATE TABLE viability_urls (
    run INTEGER NOT NULL REFERENCES viability_runs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    -- JSON; null until it is tried.
    result TEXT,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX viability_urls_untried ON viability_urls (run) WHERE result IS NULL;
