"""Batches: submitted, streamed, taken up again, found again."""

import warnings
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest
from conftest import SHOP, finished
from scrapingpros import ScrapeRequest, SubmitTimeout, TimeoutError

KETTLE = f"{SHOP}/shop/cast-iron-kettle"
SOON = 0.1


def test_five_hundred_with_exact_counters(client, name):
    def page(n):
        if n % 10 == 0:
            return f"{SHOP}/gone?{n}"
        if n % 25 == 1:
            return f"{SHOP}/checkpoint?{n}"
        return f"{KETTLE}?{n}"

    items = [{"url": page(n), "custom_id": str(n)} for n in range(500)]
    good = {str(n) for n in range(500) if page(n).startswith(KETTLE)}
    assert len(good) == 430

    ids, seen, ended = [], [], []
    batch = client.submit_batch(name, items, on_submitted=lambda *told: ids.append(told))
    assert ids == [(batch.collection_id, None), (batch.collection_id, batch.run_id)]
    assert batch.name == name and batch.total == batch.submitted_count == 500
    batch.on_result(lambda result: seen.append(result.custom_id)).on_complete(lambda batch: ended.append(batch.summary()))
    shares = []
    batch.on_progress(lambda batch: shares.append(batch.pct))

    results = list(batch.iter_results(poll_interval=0.3, timeout=60))
    assert Counter(result.custom_id for result in results) == Counter(item["custom_id"] for item in items)
    assert seen == [result.custom_id for result in results]
    assert {result.custom_id for result in results if result.guidance.success} == good
    addresses = {item["custom_id"]: item["url"] for item in items}
    assert all(result.url == addresses[result.custom_id] for result in results)

    assert (batch.total, batch.completed_count, batch.success_count, batch.failed_count) == (500, 500, 430, 70)
    assert (batch.processing_count, batch.pct, batch.status, batch.is_finished) == (0, 100.0, "completed", True)
    assert batch.jobs_per_second > 0 and batch.eta_seconds == 0 and batch.elapsed_seconds > 0
    assert shares == sorted(shares) and shares[-1] == 100
    summary = ended[0]
    assert len(ended) == 1 and summary == batch.summary()
    assert (summary.submitted, summary.queued, summary.succeeded, summary.failed) == (500, 500, 430, 70)

    run = client.get_run(batch.collection_id, batch.run_id)
    assert (run.total_requests, run.success_requests, run.failed_requests, run.timeout_requests) == (500, 430, 70, 0)
    rows = list(client.iter_run_jobs(batch.collection_id, batch.run_id, page_size=99))
    assert Counter(job.custom_id for job in rows) == Counter(addresses.keys())
    assert {job.custom_id for job in rows if job.is_success} == good
    spent = sum(result.guidance.credits_charged for result in results)
    assert spent == 430, "what brought nothing costs nothing"

    batch.delete()
    assert batch.collection_id not in [collection.id for collection in client.list_collections()]


def test_addresses_and_typed_requests(client, name):
    items = [KETTLE, ScrapeRequest(url=f"{SHOP}/shop", format="markdown", extract={"title": "css:h1"})]
    results = client.submit_batch(name, items).run_until_complete(poll_interval=SOON, timeout=30)
    by_url = {result.url: result for result in results}
    assert by_url[KETTLE].html
    assert by_url[f"{SHOP}/shop"].markdown and by_url[f"{SHOP}/shop"].extracted_data["title"]


def test_a_browser_in_a_batch(client, name):
    items = [
        {
            "url": f"{SHOP}/new",
            "custom_id": "new",
            "browser": True,
            "screenshot": True,
            "actions": [{"type": "wait-for-selector", "selector": "css:.card", "time": 5000}],
        },
        {"url": KETTLE, "custom_id": "kettle"},
    ]
    results = client.submit_batch(name, items).run_until_complete(poll_interval=SOON, timeout=60)
    by_id = {result.custom_id: result for result in results}
    assert by_id["new"].guidance.credits_charged == 5 and by_id["new"].screenshot
    assert 'class="card"' in by_id["new"].html
    assert by_id["kettle"].guidance.credits_charged == 1


def test_everything_at_once_and_waited_for(client, name):
    results = client.batch_scrape([{"url": f"{KETTLE}?{n}", "custom_id": str(n)} for n in range(8)], name=name)
    assert Counter(result.custom_id for result in results) == Counter(str(n) for n in range(8))
    assert all(result.guidance.success for result in results)


def test_what_failed_can_be_left_out(client, site, name):
    items = [
        {"url": KETTLE, "custom_id": "fine"},
        {"url": f"{site.url}/dropped", "custom_id": "dropped"},
    ]
    batch = client.submit_batch(name, items)
    finished(client, batch.collection_id, batch.run_id)
    told = {result.custom_id: result for result in batch.iter_results(poll_interval=SOON, timeout=20)}
    assert set(told) == {"fine", "dropped"}
    assert not told["dropped"].guidance.success and told["dropped"].message

    again = client.get_batch(batch.collection_id, batch.run_id, name=name, submitted_count=2)
    assert (again.total, again.success_count, again.failed_count) == (2, 1, 1), "known before iterating"
    kept = list(again.iter_results(poll_interval=SOON, timeout=20, include_failed=False))
    assert [result.custom_id for result in kept] == ["fine"]
    assert again.summary().submitted == 2
    assert again.refresh().status == "completed"


def test_taken_up_again_after_a_crash(client, name):
    class Crash(Exception):
        pass

    quick = [{"url": f"{KETTLE}?{n}", "custom_id": f"quick-{n}"} for n in range(30)]
    slow = [{"url": f"{SHOP}/slow?seconds=2&{n}", "custom_id": f"slow-{n}"} for n in range(3)]
    batch = client.submit_batch(name, quick + slow)

    def crash(batch):
        if batch.completed_count >= len(quick):
            raise Crash

    before = []
    with pytest.raises(Crash):
        for result in batch.on_progress(crash).iter_results(poll_interval=SOON, timeout=30):
            before.append(result.custom_id)
    cursor = batch.last_completed_at
    assert cursor is not None

    finished(client, batch.collection_id, batch.run_id)
    after = []
    again = client.iter_results(
        batch.collection_id, batch.run_id, since=cursor, poll_interval=SOON, timeout=0.5, submitted_count=33
    )
    # With a cursor the SDK waits for jobs that it will never ask for again: its time runs out.
    with pytest.raises(TimeoutError):
        for result in again:
            after.append(result.custom_id)
    assert after, "the crash came before the end"
    assert Counter(before + after) == Counter(item["custom_id"] for item in quick + slow), "none twice, none missed"


def test_a_batch_is_found_again_by_its_name(client, name):
    before = datetime.now(timezone.utc)
    assert client.find_recent_batch(name=name, since=before) is None

    class Crash(Exception):
        pass

    def crash(_, run_id):
        if run_id:
            raise Crash

    with pytest.raises(Crash):
        client.submit_batch(name, [{"url": f"{SHOP}/slow?seconds=1", "custom_id": "a"}], on_submitted=crash)
    batch = client.find_recent_batch(name=name, since=before)
    assert batch.name == name
    live = client.list_runs(batch.collection_id, status_filter="in_progress").items
    assert [run.run_id for run in live] == [batch.run_id]
    results = batch.run_until_complete(poll_interval=SOON, timeout=30)
    assert [result.custom_id for result in results] == ["a"]
    assert client.find_recent_batch(name=name).run_id == batch.run_id, "the last run when none is live"
    assert client.find_recent_batch(name=name, since=before + timedelta(hours=1)) is None


def test_a_submit_that_the_sdk_gave_up_on(client, name):
    with pytest.raises(SubmitTimeout):
        client.submit_batch(name, [KETTLE], submit_timeout=1e-6)


def test_a_batch_with_rows_that_are_refused(client, name):
    items = [
        {"url": KETTLE, "custom_id": "a"},
        {"url": KETTLE, "custom_id": "b"},
        {"url": KETTLE, "custom_id": "a"},
        {"url": "http://192.168.1.10/"},
        {"url": "http://10.1.2.3/"},
        {"url": f"{SHOP}/shop", "custom_id": "x" * 256},
        {"url": f"{SHOP}/shop", "screenshot": True},
        {"url": f"{SHOP}/gone"},
        KETTLE,
    ]
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        batch, blocked = client.submit_batch_lenient(name, items, on_submitted=lambda *ids: told.append(ids))
    assert told == [(batch.collection_id, None), (batch.collection_id, batch.run_id)]
    assert [(item.index, item.reason) for item in blocked] == [(3, "private_ip"), (4, "private_ip")]
    assert [item.index for item in batch.invalid_items] == [5, 6]
    assert batch.duplicate_urls == [KETTLE] and batch.duplicates_skipped == 1
    assert batch.blocked_urls == blocked
    assert batch.total == client.get_run(batch.collection_id, batch.run_id).total_requests == 4

    batch.run_until_complete(poll_interval=SOON, timeout=30)
    summary = batch.summary()
    assert summary.submitted == len(items)
    assert summary.submitted == summary.queued + summary.blocked + summary.invalid + summary.duplicates
    assert summary.queued == summary.succeeded + summary.failed == 4
    assert (summary.succeeded, summary.failed) == (3, 1)

    with pytest.warns(RuntimeWarning, match="partial-success"):
        strict = client.submit_batch(f"{name}-strict", items)
    assert strict.total == 4
    finished(client, strict.collection_id, strict.run_id)


def test_many_batches_at_once(client, name):
    specs = [(f"{name}-{n}", [f"{KETTLE}?{n}-{m}" for m in range(5)]) for n in range(5)]
    specs.append({"name": f"{name}-5", "items": [f"{KETTLE}?5-{m}" for m in range(3)]})
    batches = client.submit_batches_concurrent(specs, concurrency=3)
    assert [batch.name for batch in batches] == [f"{name}-{n}" for n in range(6)]
    assert len({batch.run_id for batch in batches}) == 6
    for number, batch in enumerate(batches):
        results = batch.run_until_complete(poll_interval=SOON, timeout=30)
        assert len(results) == (5 if number < 5 else 3)
        assert all(f"?{number}-" in result.url and result.guidance.success for result in results)
