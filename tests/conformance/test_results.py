"""The result of one job, and the four reasons why there is none."""

import uuid
from datetime import datetime, timedelta, timezone

import pytest
from conftest import SHOP, finished, moment
from scrapingpros import (
    APIError,
    JobNotFound,
    JobResultError,
    JobResultExpired,
    JobResultLost,
    JobResultPending,
)

KETTLE = f"{SHOP}/shop/cast-iron-kettle"


@pytest.fixture
def run(client, name):
    made = client.create_collection(
        name,
        [{"url": KETTLE, "custom_id": "kettle", "format": "markdown", "extract": {"title": "css:h1"}},
         {"url": f"{SHOP}/shop", "custom_id": "catalogue"}],
    )  # fmt: skip
    return finished(client, made.id, client.create_run(made.id).run_id)


def test_a_result_is_the_whole_answer(client, run):
    jobs = {job.custom_id: job for job in client.get_run_jobs(run.collection_id, run.run_id).items}
    result = client.get_job_result(run.collection_id, run.run_id, jobs["kettle"].job_public_id)
    assert result.url == KETTLE and result.custom_id == "kettle"
    assert result.statusCode == 200 and result.message == "OK"
    assert result.markdown and result.html is None
    assert result.extracted_data["title"]
    assert result.guidance.success and result.guidance.credits_charged == 1
    assert result.executionTime > 0


def refused(client, run, job_id, kind):
    with pytest.raises(kind) as error:
        client.get_job_result(run.collection_id, run.run_id, job_id)
    assert isinstance(error.value, JobResultError) and isinstance(error.value, APIError)
    assert error.value.status_code == 404
    assert error.value.detail and "{" not in error.value.detail, "in words"
    return error.value


def test_expired(client, run, stored):
    job = run.job_ids[0]
    stored.age(job, 26.4)
    error = refused(client, run, job, JobResultExpired)
    assert error.error_code == "result_expired"
    assert error.age_hours == pytest.approx(26.4, abs=0.11)
    age = datetime.now(timezone.utc) - moment(error.completed_at)
    assert age / timedelta(hours=1) == pytest.approx(26.4, abs=0.01)
    stored.lose_result(job)
    assert refused(client, run, job, JobResultExpired).error_code == "result_expired", "swept or not"
    assert client.get_job_result(run.collection_id, run.run_id, run.job_ids[1]).message == "OK"


def test_lost(client, run, stored):
    job = run.job_ids[0]
    stored.lose_result(job)
    error = refused(client, run, job, JobResultLost)
    assert error.error_code == "result_lost"
    assert error.completed_at and error.age_hours == pytest.approx(0, abs=0.11)


def test_pending(client, name):
    made = client.create_collection(name, [{"url": f"{SHOP}/slow?seconds=2"}])
    run = client.create_run(made.id)
    error = refused(client, run, run.job_ids[0], JobResultPending)
    assert error.error_code == "result_pending"
    assert error.completed_at is None and error.age_hours is None
    finished(client, made.id, run.run_id)
    assert client.get_job_result(made.id, run.run_id, run.job_ids[0]).guidance.success


def test_no_such_job(client, run, mixed_run):
    for job in (str(uuid.uuid4()), mixed_run.job_ids[0], "not-an-id"):
        assert refused(client, run, job, JobNotFound).error_code == "job_id_invalid"
