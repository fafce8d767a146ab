-- Through which country's proxy it went; null for this computer's own connection.
ALTER TABLE scrapes ADD COLUMN proxy TEXT;

-- Sums, so that a month of a million scrapes is told as fast as an empty one. Hours and days are
-- counted from 1970 in UTC. The trigger keeps them with each scrape, whoever writes it.
CREATE TABLE usage_hours (
    hour INTEGER NOT NULL,
    browser INTEGER NOT NULL,
    success INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    PRIMARY KEY (hour, browser)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_hosts (
    day INTEGER NOT NULL,
    host TEXT NOT NULL,
    -- Empty: none.
    proxy TEXT NOT NULL,
    browser INTEGER NOT NULL,
    success INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    PRIMARY KEY (day, host, proxy, browser)
) STRICT, WITHOUT ROWID;

INSERT INTO usage_hours
    SELECT finished_at / 3600, browser, sum(success), sum(NOT success), sum(credits)
    FROM scrapes GROUP BY 1, 2;
INSERT INTO usage_hosts
    SELECT finished_at / 86400, host, '', browser, sum(success), sum(NOT success), sum(credits)
    FROM scrapes GROUP BY 1, 2, 4;

CREATE TRIGGER scrapes_are_summed AFTER INSERT ON scrapes BEGIN
    INSERT INTO usage_hours
        VALUES (new.finished_at / 3600, new.browser, new.success, NOT new.success, new.credits)
        ON CONFLICT DO UPDATE SET
            success = success + excluded.success,
            failed = failed + excluded.failed,
            credits = credits + excluded.credits;
    INSERT INTO usage_hosts
        VALUES (new.finished_at / 86400, new.host, coalesce(new.proxy, ''), new.browser,
                new.success, NOT new.success, new.credits)
        ON CONFLICT DO UPDATE SET
            success = success + excluded.success,
            failed = failed + excluded.failed,
            credits = credits + excluded.credits;
END;
DROP INDEX scrapes_by_month;

-- The API's own answers by HTTP status.
CREATE TABLE api_answers (
    day INTEGER NOT NULL,
    status INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    PRIMARY KEY (day, status)
) STRICT, WITHOUT ROWID;
