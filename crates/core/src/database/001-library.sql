CREATE TABLE results (
    number      INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    address     TEXT    NOT NULL,
    site        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    verdict     TEXT    NOT NULL,
    browser     INTEGER NOT NULL,
    account_id  TEXT    NOT NULL,
    account_name TEXT   NOT NULL,
    local       INTEGER NOT NULL,
    credits     INTEGER,
    duration_ms INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    form        TEXT    NOT NULL,
    request     TEXT    NOT NULL,
    -- The answer without its bodies.
    answer      TEXT    NOT NULL
) STRICT;

CREATE INDEX results_by_time ON results (created_at, number);
CREATE INDEX results_by_site ON results (site, browser, number);

CREATE TABLE bodies (
    hash        TEXT    PRIMARY KEY,
    size        INTEGER NOT NULL,
    stored_size INTEGER NOT NULL,
    refs        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE result_parts (
    result_id    TEXT    NOT NULL REFERENCES results (id) ON DELETE CASCADE,
    part         TEXT    NOT NULL,
    hash         TEXT    NOT NULL REFERENCES bodies (hash),
    count        INTEGER NOT NULL DEFAULT 0,
    width        INTEGER NOT NULL DEFAULT 0,
    height       INTEGER NOT NULL DEFAULT 0,
    content_type TEXT    NOT NULL,
    PRIMARY KEY (result_id, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX result_parts_by_hash ON result_parts (hash);

CREATE TRIGGER part_added AFTER INSERT ON result_parts BEGIN
    UPDATE bodies SET refs = refs + 1 WHERE hash = new.hash;
END;
CREATE TRIGGER part_removed AFTER DELETE ON result_parts BEGIN
    UPDATE bodies SET refs = refs - 1 WHERE hash = old.hash;
END;

CREATE VIRTUAL TABLE results_fts USING fts5 (
    title, address, content = 'results', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER result_added AFTER INSERT ON results BEGIN
    INSERT INTO results_fts (rowid, title, address) VALUES (new.number, new.title, new.address);
END;
CREATE TRIGGER result_removed AFTER DELETE ON results BEGIN
    INSERT INTO results_fts (results_fts, rowid, title, address)
    VALUES ('delete', old.number, old.title, old.address);
END;

CREATE TABLE journal (
    id              TEXT    PRIMARY KEY,
    started_at      INTEGER NOT NULL,
    account_id      TEXT    NOT NULL,
    address         TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    credits_at_most INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    settled_at      INTEGER,
    result_id       TEXT,
    credits         INTEGER
) STRICT;

CREATE TABLE notices (
    id         TEXT    PRIMARY KEY,
    title      TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
