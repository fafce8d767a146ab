"""What is refused, and how the SDK understands it."""

import json

import pytest
from conftest import KEY, SHOP, URL
from judge import Judge
from scrapingpros import (
    APIError,
    AsyncClient,
    AsyncScrapingPros,
    AuthenticationError,
    ConnectionError,
    ScrapingPros,
    ScrapingProsError,
    SyncClient,
    URLBlockedError,
    ValidationError,
)

NOWHERE = "7d1c2f54-2222-4a0b-8a57-6f0d9f1f2b33"


def told(error) -> object:
    """The `detail` of an answer that the SDK keeps as text."""
    return json.loads(error.value.detail)["detail"]


def test_a_wrong_key_on_every_kind_of_call(stranger):
    calls = [
        lambda: stranger.scrape(SHOP),
        lambda: stranger.billing(),
        lambda: stranger.client_metrics(),
        lambda: stranger.metrics(),
        lambda: stranger.list_proxy_countries(),
        lambda: stranger.proxy_status(),
        lambda: stranger.request_proxy_country("DE"),
        lambda: stranger.create_collection("none"),
        lambda: stranger.list_collections(),
        lambda: stranger.get_collection(NOWHERE),
        lambda: stranger.update_collection(NOWHERE, "none"),
        lambda: stranger.delete_collection(NOWHERE),
        lambda: stranger.create_run(NOWHERE),
        lambda: stranger.list_runs(NOWHERE),
        lambda: stranger.get_run(NOWHERE, NOWHERE),
        lambda: stranger.get_run_jobs(NOWHERE, NOWHERE),
        lambda: stranger.get_job_result(NOWHERE, NOWHERE, NOWHERE),
        lambda: stranger.create_viability_test([SHOP]),
        lambda: stranger.get_viability_test(NOWHERE),
    ]
    for call in calls:
        with pytest.raises(AuthenticationError) as error:
            call()
        assert error.value.status_code == 401
        assert "Unauthorized" in error.value.detail


def test_health_and_plans_need_no_key(stranger):
    assert stranger.health()["status"]
    assert stranger.plans()["plans"]


def test_an_empty_key_is_no_key():
    for kind in (SyncClient, AsyncClient):
        with pytest.raises(AuthenticationError):
            kind("   ", base_url=URL)


def test_a_key_from_the_environment_and_a_client_that_closes_itself(monkeypatch):
    monkeypatch.setenv("SP_TOKEN", KEY)
    with SyncClient(base_url=URL) as client:
        assert client.proxy_status().client_id


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/",
        "http://192.168.1.10/admin",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://0x7f.1/",
    ],
)
def test_private_and_odd_addresses_are_blocked(client, address):
    with pytest.raises(URLBlockedError) as error:
        client.scrape(address)
    assert error.value.status_code == 422


def test_parameters_that_are_none(client):
    with pytest.raises(ValidationError) as error:
        client.scrape(SHOP, window_size="giant")
    problem = told(error)[0]
    assert problem["loc"] == ["body", "window_size"]
    assert problem["msg"] and problem["type"]

    with pytest.raises(ValidationError) as error:
        client.scrape(SHOP, screenshot=True)
    assert "screenshot" in error.value.detail and "browser" in error.value.detail

    with pytest.raises(ValidationError):
        client.scrape(SHOP, extract={"title": "css:h1["})


def test_what_is_not_there_is_said_to_the_letter(client, mixed_run, name):
    empty = client.create_collection(name)
    cases = [
        (lambda: client.get_collection(NOWHERE), "Collection not found."),
        (lambda: client.update_collection(NOWHERE, "none"), "Collection not found."),
        (lambda: client.delete_collection(NOWHERE), "Collection not found."),
        (lambda: client.list_runs(NOWHERE), "Collection not found."),
        (lambda: client.get_run(mixed_run.collection_id, NOWHERE), "Run not found."),
        (lambda: client.get_run(empty.id, mixed_run.run_id), "Run not found for the given collection."),
        (lambda: client.get_run_jobs(mixed_run.collection_id, NOWHERE), "Run not found."),
        (lambda: client.get_run_jobs(empty.id, mixed_run.run_id), "Run not found for the given collection."),
    ]
    for number, (call, words) in enumerate(cases):
        with pytest.raises(APIError) as error:
            call()
        assert (number, error.value.status_code, told(error)) == (number, 404, words)
    for collection in (empty.id, NOWHERE):
        with pytest.raises(APIError) as error:
            client.create_run(collection)
        assert error.value.status_code == 404
        assert told(error) == "Collection not exists or Collection does not requests associated."
    client.delete_collection(empty.id)


def test_a_list_of_requests_that_is_no_list_refuses_the_whole_call(client, name):
    with pytest.raises(APIError) as error:
        client._request("POST", "/v1/async/collections", json={"name": name, "requests": "http://sample.shop/"})
    assert error.value.status_code == 400
    assert told(error).startswith("There is a problem with the collection. Please check the requests. ")

    with pytest.raises(ValidationError) as error:
        client._request("POST", "/v1/async/collections", json={"requests": []})
    assert told(error)[0]["loc"][-1] == "name"


def test_a_server_that_is_not_there_is_one_class_of_error(loop):
    for client in (
        Judge(SyncClient("key", base_url="http://127.0.0.1:1", max_retries=0)),
        Judge(AsyncClient("key", base_url="http://127.0.0.1:1", max_retries=0), loop),
    ):
        with pytest.raises(ConnectionError) as error:
            client.health()
        assert isinstance(error.value, ScrapingProsError)
        client.close()


def test_what_the_sdk_took_away_says_what_to_use(client):
    with pytest.raises(RuntimeError, match="batch_scrape"):
        client.scrape_many([SHOP])


def test_the_old_names_of_the_clients_still_work(loop):
    with pytest.warns(DeprecationWarning):
        old = Judge(ScrapingPros(KEY, base_url=URL))
    with pytest.warns(DeprecationWarning):
        old_async = Judge(AsyncScrapingPros(KEY, base_url=URL), loop)
    for client in (old, old_async):
        assert client.health()["status"]
        client.close()
