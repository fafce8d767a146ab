CREATE TABLE collections (
    number     INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    -- The scrape form for every page, without an address.
    options    TEXT    NOT NULL,
    -- How many pages are in the list.
    pages      INTEGER NOT NULL DEFAULT 0,
    -- The next page's place; no place is given twice.
    next_place INTEGER NOT NULL DEFAULT 1,
    -- Counts every change of the options or the pages.
    revision   INTEGER NOT NULL DEFAULT 0,
    -- Whether some of its pages are hidden.
    leftovers  INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    -- Until the next start it can come back; then its pages and options go.
    deleted_at INTEGER
) STRICT;

CREATE TABLE pages (
    collection    INTEGER NOT NULL REFERENCES collections (number) ON DELETE CASCADE,
    place         INTEGER NOT NULL,
    -- 0: in the list. Else the revision that took it out, or that will put it in.
    hidden        INTEGER NOT NULL DEFAULT 0,
    -- As typed.
    address       TEXT    NOT NULL,
    label         TEXT    NOT NULL,
    -- The page's own options as JSON; empty without any.
    own           TEXT    NOT NULL DEFAULT '',
    -- What is known of the address: see `Reach`.
    reach         INTEGER NOT NULL,
    -- Host, as results have it.
    site          TEXT    NOT NULL,
    -- The same for the same page with the same label; empty when it is no address.
    twin          BLOB    NOT NULL,
    -- Why the service did not take it, last time.
    refusal       TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (collection, place)
) STRICT, WITHOUT ROWID;
