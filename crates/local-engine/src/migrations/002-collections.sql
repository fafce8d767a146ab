-- Times are seconds since 1970, in UTC.
CREATE TABLE collections (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    callback_url TEXT,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX collections_by_name ON collections (name, created_at);
CREATE INDEX collections_by_age ON collections (created_at);

CREATE TABLE collection_requests (
    collection INTEGER NOT NULL REFERENCES collections (id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    custom_id TEXT,
    request TEXT NOT NULL,
    PRIMARY KEY (collection, position)
) STRICT, WITHOUT ROWID;

-- Answers to calls with an Idempotency-Key; a call in progress is only in memory.
CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    body_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
