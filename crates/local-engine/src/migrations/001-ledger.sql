-- The first version made this table without numbering itself: hence IF NOT EXISTS.
CREATE TABLE IF NOT EXISTS scrapes (
    id INTEGER PRIMARY KEY,
    finished_at INTEGER NOT NULL,
    month TEXT NOT NULL,
    host TEXT NOT NULL,
    browser INTEGER NOT NULL,
    success INTEGER NOT NULL,
    credits INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS scrapes_by_month ON scrapes (month);
