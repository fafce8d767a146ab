"""The call at the end of a run, received on loopback."""

import hashlib
import hmac
import time
import uuid
from datetime import datetime, timezone

from conftest import SHOP, URL, finished, moment

PAGES = [f"{SHOP}/shop/cast-iron-kettle", f"{SHOP}/gone"]


def until_callback(client, batch, status):
    """The run, once this is said of its call."""
    deadline = time.monotonic() + 20
    while True:
        run = client.get_run(batch.collection_id, batch.run_id)
        if run.callback_status == status:
            return run
        assert time.monotonic() < deadline, f"waited in vain for {status}: {run}"
        time.sleep(0.05)


def test_a_run_that_ended_is_told_once_and_signed(client, site, stored, name):
    hook = uuid.uuid4().hex
    batch = client.submit_batch(name, PAGES, callback_url=site.hook(hook))
    call = site.call(hook)
    run = until_callback(client, batch, "sent")
    assert run.callback_url == f"{site.url}/hook/{hook}"

    told = call.json
    assert told["event"] == "run.completed" and told["status"] == "completed"
    assert (told["run_id"], told["collection_id"]) == (batch.run_id, batch.collection_id)
    assert (told["total_requests"], told["success_requests"], told["failed_requests"]) == (2, 1, 1)
    assert set(told["job_ids"]) == set(run.job_ids)
    assert told["results_url"] == f"{URL}/v1/async/collections/{batch.collection_id}/runs/{batch.run_id}"
    assert abs((datetime.now(timezone.utc) - moment(told["timestamp"])).total_seconds()) < 60

    assert call.headers["content-type"].startswith("application/json")
    signed = f"{call.headers['x-sp-timestamp']}.".encode() + call.body
    expected = hmac.new(stored.webhook_secret(), signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(call.headers["x-sp-signature"], expected)
    assert site.no_more_calls(hook)


def test_a_call_that_was_refused_is_made_again(client, site, name):
    hook = uuid.uuid4().hex
    batch = client.submit_batch(name, PAGES, callback_url=site.hook(hook, refusals=1))
    site.call(hook)
    until_callback(client, batch, "retrying")
    assert site.call(hook).json["run_id"] == batch.run_id
    until_callback(client, batch, "sent")


def test_nobody_is_called_at_a_private_address(client, name):
    batch = client.submit_batch(name, PAGES, callback_url="http://10.0.0.1/hook")
    finished(client, batch.collection_id, batch.run_id)
    until_callback(client, batch, "failed")


def test_every_way_to_start_a_run_takes_a_webhook(sync_client, site, name):
    hook = uuid.uuid4().hex
    collection = sync_client.create_collection(name, [{"url": PAGES[0]}], callback_url=site.hook(hook))
    run = sync_client.create_run(collection.id)
    assert run.callback_status == "pending" and run.callback_url.endswith(hook)
    assert site.call(hook).json["run_id"] == run.run_id
    told = sync_client.submit_batch_lenient(f"{name}-2", PAGES, callback_url=site.hook(f"{hook}-2"))[0]
    assert site.call(f"{hook}-2").json["run_id"] == told.run_id
