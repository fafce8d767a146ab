CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    collection INTEGER NOT NULL,
    collection_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_progress', 'completed')),
    total INTEGER NOT NULL,
    success INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    timeout INTEGER NOT NULL DEFAULT 0,
    callback_url TEXT,
    callback_status TEXT,
    callback_attempts INTEGER NOT NULL DEFAULT 0,
    callback_next_at REAL,
    created_at REAL NOT NULL,
    finished_at REAL
) STRICT;
CREATE INDEX runs_of_collection ON runs (collection, created_at);
CREATE INDEX runs_in_progress ON runs (id) WHERE status = 'in_progress';
CREATE INDEX runs_to_call_back ON runs (callback_next_at) WHERE callback_next_at IS NOT NULL;
CREATE INDEX runs_by_end ON runs (finished_at) WHERE finished_at IS NOT NULL;

-- `id` is the order of insertion; times are milliseconds since 1970. `request` comes last, so that
-- reading a row for the listing never walks through it.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    run INTEGER NOT NULL REFERENCES runs (id),
    status TEXT NOT NULL CHECK (status IN ('queued', 'processing', 'completed', 'failed', 'timeout')),
    browser INTEGER NOT NULL,
    custom_id TEXT,
    status_code INTEGER,
    is_success INTEGER,
    message TEXT,
    block_reason TEXT,
    protection_stack TEXT,
    rule_hits TEXT,
    has_extractable_data INTEGER,
    credits INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    queued_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    execution_time_ms INTEGER,
    retries_attempted INTEGER,
    url TEXT NOT NULL,
    request TEXT NOT NULL
) STRICT;
-- One index for each way of paging: a page costs the same in a small and in a large run.
CREATE INDEX jobs_of_run ON jobs (run, id);
CREATE INDEX jobs_of_run_by_status ON jobs (run, status, id);
CREATE INDEX jobs_of_run_by_end ON jobs (run, completed_at, id) WHERE completed_at IS NOT NULL;
CREATE INDEX jobs_of_run_by_status_and_end ON jobs (run, status, completed_at, id) WHERE completed_at IS NOT NULL;
CREATE INDEX jobs_queued ON jobs (run, browser, id) WHERE status = 'queued';

-- A completed job without a row here has expired, or was lost.
CREATE TABLE results (
    job INTEGER PRIMARY KEY REFERENCES jobs (id),
    completed_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    size INTEGER NOT NULL
) STRICT;
CREATE INDEX results_by_age ON results (completed_at);
