-- Bits of what a result holds: see `Kinds`.
ALTER TABLE results ADD COLUMN kinds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN data_rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN data_fields INTEGER NOT NULL DEFAULT 0;
-- Bytes of all its parts, as they came.
ALTER TABLE results ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN file_type TEXT NOT NULL DEFAULT '';
ALTER TABLE results ADD COLUMN label TEXT NOT NULL DEFAULT '';
-- 0 and empty for a scrape of its own.
ALTER TABLE results ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN collection_id TEXT NOT NULL DEFAULT '';
-- 0: its words are still to be read. 1: they can be found. 2: its parts can't be read.
ALTER TABLE results ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
-- Until the next start it can come back.
ALTER TABLE results ADD COLUMN deleted_at INTEGER;

DROP INDEX results_by_time;
-- Filters, sorts and counts read this alone.
CREATE INDEX results_listed ON results
    (created_at, number, kinds, verdict, site, account_id, collection_id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX results_by_title ON results (title COLLATE NOCASE, number, kinds, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX results_to_read ON results (number) WHERE indexed = 0;
CREATE INDEX results_deleted ON results (number) WHERE deleted_at IS NOT NULL;

CREATE TABLE result_tags (
    tag    TEXT    NOT NULL,
    result INTEGER NOT NULL REFERENCES results (number) ON DELETE CASCADE,
    PRIMARY KEY (tag, result)
) STRICT, WITHOUT ROWID;

CREATE INDEX result_tags_by_result ON result_tags (result);

-- Words as `library::search` splits them, without their order: only whether a result has one is asked.
CREATE VIRTUAL TABLE result_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3', tokenize = 'ascii'
);
CREATE TRIGGER result_words_removed AFTER DELETE ON results BEGIN
    DELETE FROM result_words WHERE rowid = old.number;
END;

CREATE INDEX bodies_free ON bodies (hash) WHERE refs <= 0;

CREATE TABLE templates (
    number     INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    -- The scrape form without an address.
    form       TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    -- Until the next start it can come back.
    deleted_at INTEGER
) STRICT;
