CREATE TABLE runs (
    number          INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    -- Empty for a run of a collection that was made elsewhere.
    collection_id   TEXT    NOT NULL,
    collection_name TEXT    NOT NULL,
    -- Counts the collection's runs, from 1.
    nth             INTEGER NOT NULL,
    account_id      TEXT    NOT NULL,
    account_name    TEXT    NOT NULL,
    local           INTEGER NOT NULL,
    -- The options of every page, as they were.
    form            TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    -- Why it stands still or was never started: an error as JSON; empty without one.
    trouble         TEXT    NOT NULL DEFAULT '',
    submitted       INTEGER NOT NULL DEFAULT 0,
    left_out        INTEGER NOT NULL DEFAULT 0,
    refused         INTEGER NOT NULL DEFAULT 0,
    duplicates      INTEGER NOT NULL DEFAULT 0,
    queued          INTEGER NOT NULL DEFAULT 0,
    success         INTEGER NOT NULL DEFAULT 0,
    failed          INTEGER NOT NULL DEFAULT 0,
    timed_out       INTEGER NOT NULL DEFAULT 0,
    -- The most it can cost, and what the service said it did.
    ceiling         INTEGER NOT NULL DEFAULT 0,
    credits         INTEGER NOT NULL DEFAULT 0,
    refunded        INTEGER NOT NULL DEFAULT 0,
    started_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    -- Its row in the journal.
    journal_id      TEXT    NOT NULL DEFAULT '',
    -- What is about to be sent: key and bytes, compressed; gone once the collection is there.
    sending_key     TEXT    NOT NULL DEFAULT '',
    sending         BLOB,
    sent_at         INTEGER,
    -- When it was last tried to start the run, on disk before the call.
    attempted_at    INTEGER,
    service_collection TEXT NOT NULL DEFAULT '',
    service_run     TEXT    NOT NULL DEFAULT '',
    -- The service's time of the last job taken in, milliseconds.
    taken_until     INTEGER
) STRICT;

CREATE INDEX runs_by_collection ON runs (collection_id, number);
CREATE INDEX runs_by_state ON runs (state);

CREATE TABLE jobs (
    run         INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    -- In the list that was sent, from 0; what the list did not hold comes after it.
    place       INTEGER NOT NULL,
    address     TEXT    NOT NULL,
    label       TEXT    NOT NULL,
    -- The page's own options as JSON; empty without any.
    own         TEXT    NOT NULL DEFAULT '',
    -- Finds the page of a job: a hash of address and label.
    twin        INTEGER NOT NULL,
    -- The page of the collection; 0 when it is not known.
    page        INTEGER NOT NULL DEFAULT 0,
    -- 0 waiting, 1 success, 2 failed, 3 timed out, 4 refused, 5 duplicate.
    outcome     INTEGER NOT NULL DEFAULT 0,
    -- Why it failed, as the service names it.
    cause       TEXT    NOT NULL DEFAULT '',
    -- The service's own suggestion as JSON, and why trying again is futile.
    suggestion  TEXT    NOT NULL DEFAULT '',
    stop_reason TEXT    NOT NULL DEFAULT '',
    service_job TEXT    NOT NULL DEFAULT '',
    duration_ms INTEGER,
    credits     INTEGER,
    ended_at    INTEGER,
    result_id   TEXT,
    -- A hash of the extracted data.
    data_hash   INTEGER,
    PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX jobs_by_twin ON jobs (run, twin);
CREATE UNIQUE INDEX jobs_by_service ON jobs (run, service_job) WHERE service_job <> '';
CREATE INDEX jobs_by_cause ON jobs (run, cause) WHERE outcome IN (2, 3);
CREATE INDEX jobs_by_result ON jobs (result_id) WHERE result_id IS NOT NULL;

-- Answers of many pages, compressed together. `results.pack` and the two columns after it say where one is.
CREATE TABLE packs (
    number INTEGER PRIMARY KEY,
    size   INTEGER NOT NULL,
    refs   INTEGER NOT NULL,
    data   BLOB    NOT NULL
) STRICT;

ALTER TABLE results ADD COLUMN pack INTEGER;
ALTER TABLE results ADD COLUMN pack_start INTEGER NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN pack_size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN has_picture INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER packed_removed AFTER DELETE ON results WHEN old.pack IS NOT NULL BEGIN
    UPDATE packs SET refs = refs - 1 WHERE number = old.pack;
    DELETE FROM packs WHERE number = old.pack AND refs <= 0;
END;
