"""What the tests share. The engine under test is named by the environment: SCRAPINGPROS_URL,
SCRAPINGPROS_KEY, SCRAPINGPROS_ENGINE_DATA (its data folder), and SCRAPINGPROS_SITE_PORT, a free port of
127.0.0.1 that the engine is allowed to open and has for its proxy in Argentina."""

import os
import time
import uuid
from datetime import datetime

import pytest
from judge import Judge, Loop
from scrapingpros import AsyncClient, SyncClient
from stored import Stored
from website import Website

URL = os.environ["SCRAPINGPROS_URL"]
KEY = os.environ["SCRAPINGPROS_KEY"]
SHOP = "http://sample.shop"
PATIENCE = 60


@pytest.fixture(scope="session")
def loop():
    with Loop() as loop:
        yield loop


@pytest.fixture(scope="session")
def sync_client():
    client = Judge(SyncClient(KEY, base_url=URL))
    yield client
    client.close()


@pytest.fixture(scope="session")
def async_client(loop):
    client = Judge(AsyncClient(KEY, base_url=URL), loop)
    yield client
    client.close()


@pytest.fixture(params=["sync", "async"])
def client(request):
    """Each test runs with both clients of the SDK."""
    return request.getfixturevalue(f"{request.param}_client")


@pytest.fixture(params=["sync", "async"])
def stranger(request, loop):
    """A client whose key is not the engine's."""
    if request.param == "sync":
        client = Judge(SyncClient("not-the-key", base_url=URL))
    else:
        client = Judge(AsyncClient("not-the-key", base_url=URL), loop)
    yield client
    client.close()


@pytest.fixture(scope="session")
def site():
    site = Website(int(os.environ["SCRAPINGPROS_SITE_PORT"]))
    yield site
    site.close()


@pytest.fixture(scope="session")
def stored():
    return Stored(os.environ["SCRAPINGPROS_ENGINE_DATA"])


@pytest.fixture
def name():
    """A name for a collection that no other has."""
    return f"kettles-{uuid.uuid4().hex}"


@pytest.fixture(scope="session")
def mixed_run(sync_client):
    """A finished run of 57 jobs; every sixth page is gone."""
    pages = [
        {"url": f"{SHOP}/gone?{n}" if n % 6 == 0 else f"{SHOP}/shop/cast-iron-kettle?{n}", "custom_id": f"mixed-{n}"}
        for n in range(57)
    ]
    batch = sync_client.submit_batch(f"mixed-{uuid.uuid4().hex}", pages)
    return finished(sync_client, batch.collection_id, batch.run_id)


def finished(client, collection_id, run_id):
    """The run, once it has ended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        run = client.get_run(collection_id, run_id)
        if run.status != "in_progress":
            return run
        assert time.monotonic() < deadline, f"the run did not end: {run}"
        time.sleep(0.05)


def moment(text):
    assert text.endswith("Z"), text
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def pytest_collection_modifyitems(items):
    """The look back at what was used comes last."""
    items.sort(key=lambda item: item.path.name == "test_surface.py")
