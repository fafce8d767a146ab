"""Runs and the listing of their jobs: counters, filters, pages."""

import json
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest
from conftest import SHOP, finished
from scrapingpros import APIError, TimeoutError

KETTLE = f"{SHOP}/shop/cast-iron-kettle"


def test_a_run_is_started_waited_for_and_listed(client, name):
    made = client.create_collection(name, [{"url": f"{KETTLE}?{n}"} for n in range(3)])
    run = client.create_run(made.id)
    assert run.status == "in_progress" and run.collection_id == made.id
    assert run.total_requests == 3 and len(set(run.job_ids)) == 3
    assert (run.success_requests, run.failed_requests, run.timeout_requests) == (0, 0, 0)
    assert run.callback_url is None and run.callback_status is None
    first = finished(client, made.id, run.run_id)
    assert first.status == "completed" and first.success_requests == 3
    assert set(first.job_ids) == set(run.job_ids), "kept to the end"

    second = client.run_and_wait(made.id, poll_interval=0.05, timeout=30)
    assert second.status == "completed" and second.run_id != first.run_id, "each start is a run of its own"

    listed = client.list_runs(made.id)
    assert listed.total == 2
    assert [item.run_id for item in listed.items] == [second.run_id, first.run_id], "newest first"
    assert abs(listed.items[0].created_at - datetime.now(timezone.utc).timestamp()) < 60
    done = client.list_runs(made.id, status_filter="completed")
    assert [item.run_id for item in done.items] == [second.run_id, first.run_id]
    assert client.list_runs(made.id, status_filter="in_progress").items == []


def test_a_wait_has_an_end(client, name):
    made = client.create_collection(name, [{"url": f"{SHOP}/slow?seconds=2"}])
    with pytest.raises(TimeoutError):
        client.run_and_wait(made.id, poll_interval=0.1, timeout=0.2)
    live = client.list_runs(made.id, status_filter="in_progress")
    assert live.total == 1 == len(live.items)
    assert client.list_runs(made.id, status_filter="completed").items == []
    finished(client, made.id, live.items[0].run_id)


def test_counters_and_rows_say_the_same(client, site, name):
    pages = {
        "fine": KETTLE,
        "gone": f"{SHOP}/gone",
        "broken": f"{SHOP}/broken",
        "captcha": f"{SHOP}/checkpoint",
        "dropped": f"{site.url}/dropped",
        "file": f"{SHOP}/files/price-list.pdf",
    }
    made = client.create_collection(name, [{"url": url, "custom_id": id} for id, url in pages.items()])
    run = finished(client, made.id, client.create_run(made.id).run_id)
    assert run.total_requests == 6
    assert (run.success_requests, run.failed_requests, run.timeout_requests) == (2, 4, 0)
    assert run.all_jobs_persisted is True
    assert run.success_criterion.version == "content_success_v1" and run.success_criterion.rules

    rows = {job.custom_id: job for job in client.get_run_jobs(made.id, run.run_id).items}
    assert {job.job_public_id for job in rows.values()} == set(run.job_ids)
    assert {id for id, job in rows.items() if job.is_success} == {"fine", "file"}
    assert {id: job.status for id, job in rows.items()} == dict.fromkeys(pages, "completed") | {"dropped": "failed"}
    assert {id: job.status_code for id, job in rows.items() if id != "dropped"} == {
        "fine": 200, "gone": 404, "broken": 500, "captcha": 403, "file": 200,
    }  # fmt: skip
    assert rows["fine"].message == "OK" and rows["gone"].message == "NOT FOUND"
    assert rows["fine"].block_reason in (None, "none") and rows["captcha"].block_reason == "captcha"
    assert rows["captcha"].protection_stack or rows["captcha"].rule_hits
    assert rows["fine"].has_extractable_data is True and rows["file"].has_extractable_data is False
    for id, job in rows.items():
        assert job.url == pages[id] and job.url_truncated is False
        assert job.run_public_id == run.run_id and job.collection_id == made.id
        assert job.client_id == client.proxy_status().client_id
        assert job.queued_at <= job.started_at <= job.completed_at
        assert job.queued_at.tzinfo is None, "times without a zone, as the service writes them"
        took = (job.completed_at - job.started_at) / timedelta(milliseconds=1)
        assert abs(job.execution_time_ms - took) <= 50, id
        assert job.retries_attempted == 0 and job.validator_version

    assert [(job.job_id, job.url, job.status) for job in run.failed_jobs] == [
        (rows["dropped"].job_public_id, pages["dropped"], "failed")
    ]


def test_a_long_address_is_cut_in_the_row_alone(client, name):
    url = f"{KETTLE}?{'x' * 3000}"
    made = client.create_collection(name, [{"url": url}])
    run = finished(client, made.id, client.create_run(made.id).run_id)
    job = client.get_run_jobs(made.id, run.run_id).items[0]
    assert job.url == url[:2048] and job.url_truncated is True
    assert client.get_job_result(made.id, run.run_id, job.job_public_id).url == url


def test_jobs_by_page_and_as_a_stream(client, mixed_run):
    where = (mixed_run.collection_id, mixed_run.run_id)
    whole = client.get_run_jobs(*where, limit=10)
    assert Counter(job.job_public_id for job in whole.items) == Counter(mixed_run.job_ids)
    assert whole.has_more is False and whole.cursor_next is None
    streamed = [job.job_public_id for job in client.iter_run_jobs(*where, page_size=7)]
    assert streamed == [job.job_public_id for job in whole.items], "in the order of insertion, whatever the page"
    assert [job.custom_id for job in whole.items] == [f"mixed-{n}" for n in range(57)]

    first = client._fetch_jobs_page(*where, cursor=None, limit=20, status_filter=None)
    assert len(first.items) == 20 and first.has_more and first.cursor_next
    rest = client.get_run_jobs(*where, cursor=first.cursor_next, limit=1000)
    assert len(rest.items) == 37 and not rest.has_more


@pytest.mark.parametrize("order_dir", ["asc", "desc"])
@pytest.mark.parametrize("order_by", ["id", "completed_at"])
@pytest.mark.parametrize("limit", [1, 7, 10, 1000])
def test_pages_in_both_orders_hold_each_job_once(client, mixed_run, stored, order_by, order_dir, limit):
    stored.tie(mixed_run.run_id, 10)
    items, cursor = [], None
    while True:
        page = client._fetch_jobs_page(
            mixed_run.collection_id,
            mixed_run.run_id,
            cursor=cursor,
            limit=limit,
            status_filter="completed,failed,timeout",
            order_by=order_by,
            order_dir=order_dir,
        )
        assert len(page.items) <= limit
        items += page.items
        if not page.has_more or not page.cursor_next:
            break
        cursor = page.cursor_next
    assert Counter(job.job_public_id for job in items) == Counter(mixed_run.job_ids)
    if order_by == "completed_at":
        times = [job.completed_at for job in items]
        assert len(set(times)) == 6, "the ties were made"
        assert times == sorted(times, reverse=order_dir == "desc")
    else:
        places = [int(job.custom_id.removeprefix("mixed-")) for job in items]
        assert places == sorted(places, reverse=order_dir == "desc")


def test_what_ended_since(client, mixed_run, stored):
    stored.tie(mixed_run.run_id, 10)
    where = (mixed_run.collection_id, mixed_run.run_id)
    times = sorted(job.completed_at for job in client.get_run_jobs(*where).items)
    middle = times[25]
    later = [time for time in times if time > middle]
    for since in (middle, middle.isoformat(timespec="milliseconds") + "Z", middle.replace(tzinfo=timezone.utc)):
        found = client.get_run_jobs(*where, since_completed_at=since)
        assert sorted(job.completed_at for job in found.items) == later, "strictly later, ties left out"
    assert client.get_run_jobs(*where, since_completed_at=times[-1]).items == []
    assert len(list(client.iter_run_jobs(*where, since_completed_at=middle, page_size=3))) == len(later)


def test_the_filter_by_status(client, mixed_run):
    where = (mixed_run.collection_id, mixed_run.run_id)
    assert len(client.get_run_jobs(*where, status_filter="completed").items) == 57
    assert client.get_run_jobs(*where, status_filter="failed").items == []
    assert client.get_run_jobs(*where, status_filter="processing").items == []
    assert len(client.get_run_jobs(*where, status_filter=["completed", "timeout"]).items) == 57
    assert len(list(client.iter_run_jobs(*where, status_filter="failed,completed", page_size=9))) == 57


def test_jobs_in_work_are_listed_as_such(client, name):
    made = client.create_collection(name, [{"url": f"{SHOP}/slow?seconds=2", "custom_id": "slow"}])
    run = client.create_run(made.id)
    job = client.get_run_jobs(made.id, run.run_id, status_filter="processing").items[0]
    assert job.status == "processing" and job.is_success is None and job.completed_at is None
    by_end = client._fetch_jobs_page(made.id, run.run_id, cursor=None, limit=10, status_filter=None, order_by="completed_at")
    assert by_end.items == [], "what has not ended has no place in the order of the ends"
    finished(client, made.id, run.run_id)


def test_results_inside_the_listing(client, site, name):
    pages = {"kettle": KETTLE, "gone": f"{SHOP}/gone", "large": f"{site.url}/large"}
    made = client.create_collection(name, [{"url": url, "custom_id": id} for id, url in pages.items()])
    run = finished(client, made.id, client.create_run(made.id).run_id)
    plain = client.get_run_jobs(made.id, run.run_id).items
    assert [job.result for job in plain] == [None] * 3, "only when asked for"
    rows = {job.custom_id: job for job in client.iter_run_jobs(made.id, run.run_id, include_results=True)}
    assert rows["kettle"].result.html and rows["kettle"].result.guidance.success
    assert rows["gone"].result.statusCode == 404
    assert rows["large"].status == "completed" and rows["large"].result is None, "more than 256 KB"
    whole = client.get_job_result(made.id, run.run_id, rows["large"].job_public_id)
    assert len(whole.html) > 300_000 and whole.guidance.success
    batch = client.get_batch(made.id, run.run_id)
    told = {result.custom_id: result for result in batch.run_until_complete(poll_interval=0.1, timeout=20)}
    assert told["large"].html == whole.html, "fetched by itself"


def test_a_page_with_results_holds_a_hundred_at_most(client, name):
    made = client.create_collection(name, [{"url": f"{SHOP}/gone?{n}"} for n in range(103)])
    run = finished(client, made.id, client.create_run(made.id).run_id)
    answer = client._request(
        "GET",
        f"/v1/async/collections/{made.id}/runs/{run.run_id}/jobs",
        params={"limit": 1000, "include_results": "true"},
    ).json()
    assert len(answer["items"]) == 100 and answer["has_more"]
    assert len(client.get_run_jobs(made.id, run.run_id, include_results=True).items) == 103


def test_questions_that_are_refused(client, mixed_run):
    where = f"/v1/async/collections/{mixed_run.collection_id}/runs/{mixed_run.run_id}/jobs"
    page = client._request("GET", where, params={"limit": 5, "order_by": "completed_at"}).json()

    def refused(**query):
        with pytest.raises(APIError) as error:
            client._request("GET", where, params=query)
        assert error.value.status_code == 400, query
        return json.loads(error.value.detail)["detail"]

    assert (
        refused(cursor=page["cursor_next"], order_by="id")
        == "cursor was generated with order_by=completed_at, received order_by=id; start a new pagination"
    )
    assert "finished" in refused(status_filter="completed,finished"), "the unknown word is named"
    refused(status_filter="all")
    refused(cursor="not-a-cursor")
    refused(order_dir="sideways")
    refused(since_completed_at="yesterday")
