-- Countries that were asked for; whether one may be used is decided by the proxies that were entered.
CREATE TABLE proxy_requests (
    country TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    requested_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
