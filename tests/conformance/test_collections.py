"""Collections: made, found, changed, deleted; what is refused in them; the key that makes a call one."""

import logging
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from conftest import SHOP, finished
from scrapingpros import APIError, ScrapeRequest, ValidationError

KETTLE = f"{SHOP}/shop/cast-iron-kettle"


def test_from_its_creation_to_its_end(client, name):
    made = client.create_collection(
        name, [ScrapeRequest(url=KETTLE), {"url": f"{SHOP}/shop", "custom_id": "catalogue"}]
    )
    assert made.id and made.name == name and made.message
    assert made.blocked_urls == made.invalid_items == made.duplicate_urls == [] and made.duplicates_skipped == 0

    found = client.get_collection(made.id)
    assert (found.id, found.name) == (made.id, name)
    assert abs(found.created_at - datetime.now(timezone.utc).timestamp()) < 60
    assert found.updated_at == found.created_at

    changed = client.update_collection(made.id, f"{name} v2")
    assert changed.message and changed.id == made.id and changed.name == f"{name} v2"
    again = client.get_collection(made.id)
    assert again.name == f"{name} v2"
    assert again.created_at == found.created_at and again.updated_at > found.updated_at
    assert client.create_run(made.id).total_requests == 2, "a change of name keeps the list"

    replaced = client.update_collection(made.id, name, [{"url": KETTLE}, {"url": KETTLE}])
    assert replaced.duplicates_skipped == 1 and replaced.duplicate_urls == [KETTLE]
    run = client.create_run(made.id)
    assert run.total_requests == 1, "a new list replaces the old one"
    finished(client, made.id, run.run_id)

    client.delete_collection(made.id)
    for call in (client.get_collection, client.delete_collection, client.create_run):
        with pytest.raises(APIError) as error:
            call(made.id)
        assert error.value.status_code == 404
    assert made.id not in [collection.id for collection in client.list_collections()]


def test_the_list_is_newest_first(client, name):
    ids = [client.create_collection(f"{name}-{number}").id for number in range(3)]
    listed = [collection.id for collection in client.list_collections()]
    assert listed[:3] == ids[::-1]


def test_what_a_collection_refuses_is_told_by_its_place(client, name):
    requests = [
        {"url": KETTLE, "custom_id": "a"},
        {"url": "http://192.168.1.10/"},
        {"url": KETTLE, "custom_id": "b"},
        {"url": KETTLE, "custom_id": "a"},
        {"url": f"{SHOP}/shop", "custom_id": "x" * 256},
        {"url": f"{SHOP}/shop", "screenshot": True},
        {"url": f"{SHOP}/shop", "browser": True, "actions": [{"type": "click"}]},
        {"url": "ftp://sample.shop/list"},
        {"url": "http://localhost/"},
        {"custom_id": "no address"},
        {"url": f"{SHOP}/shop", "custom_id": "y" * 255},
        {"url": "http://sample.shop:99999/"},
    ]
    made = client.create_collection(name, requests)

    blocked = {item.index: item for item in made.blocked_urls}
    assert sorted(blocked) == [1, 7, 8, 11]
    assert blocked[1].reason == "private_ip" and blocked[1].url == "http://192.168.1.10/" and blocked[1].message
    assert blocked[7].reason == "invalid_protocol"
    assert blocked[8].reason in ("blocked_hostname", "private_ip")
    assert blocked[11].reason in ("invalid_port", "malformed_url")

    invalid = {item.index: item for item in made.invalid_items}
    assert sorted(invalid) == [4, 5, 6, 9]
    assert (invalid[4].errors[0].field, invalid[4].errors[0].error_type) == ("custom_id", "string_too_long")
    assert invalid[4].url == f"{SHOP}/shop" and invalid[4].errors[0].message
    assert (invalid[5].errors[0].field, invalid[5].errors[0].error_type) == ("screenshot", "param_invalid")
    assert invalid[6].errors[0].field.startswith("actions.0") and invalid[6].errors[0].error_type == "missing"
    assert invalid[9].url is None
    assert (invalid[9].errors[0].field, invalid[9].errors[0].error_type) == ("url", "missing")

    assert made.duplicate_urls == [KETTLE] and made.duplicates_skipped == 1

    run = client.create_run(made.id)
    assert run.total_requests == len(requests) - 4 - 4 - 1
    finished(client, made.id, run.run_id)


def test_items_that_are_no_objects(client, name):
    made = client._request("POST", "/v1/async/collections", json={"name": name, "requests": [KETTLE, 7, {"url": KETTLE}]})
    assert made.status_code == 201
    refused = made.json()["invalid_items"]
    assert [item["index"] for item in refused] == [0, 1]
    assert {item["errors"][0]["error_type"] for item in refused} == {"not_a_dict"}
    assert {item["errors"][0]["field"] for item in refused} == {"<root>"}


def test_a_collection_of_refused_items_alone_has_nothing_to_run(client, name):
    made = client.create_collection(name, [{"url": "http://10.0.0.1/"}])
    assert len(made.blocked_urls) == 1
    with pytest.raises(APIError) as error:
        client.create_run(made.id)
    assert error.value.status_code == 404


def test_a_call_repeated_with_its_key_is_one_call(client, name, caplog):
    caplog.set_level(logging.INFO, logger="scrapingpros")
    key = uuid.uuid4().hex
    first = client.create_collection(name, [{"url": KETTLE}, {"url": KETTLE}], idempotency_key=key)
    assert "idempotent replay" not in caplog.text
    second = client.create_collection(name, [{"url": KETTLE}, {"url": KETTLE}], idempotency_key=key)
    assert "idempotent replay" in caplog.text, "the answer says that it is a repeated one"
    assert second == first, "the whole answer is repeated, with what was refused"

    with pytest.raises(ValidationError) as error:
        client.create_collection(name, [{"url": f"{SHOP}/shop"}], idempotency_key=key)
    assert "Idempotency-Key reused with a different payload." in error.value.detail

    listed = [collection for collection in client.list_collections() if collection.name == name]
    assert [collection.id for collection in listed] == [first.id]
    other = client.create_collection(name, [{"url": KETTLE}], idempotency_key=uuid.uuid4().hex)
    assert other.id != first.id, "another key is another call"


@pytest.mark.parametrize("key", ["with space", "with:colon", "k" * 201])
def test_a_key_that_is_unfit(client, name, key):
    with pytest.raises(ValidationError):
        client.create_collection(name, idempotency_key=key)


def test_the_filters_of_the_list(client, name):
    before = datetime.now(timezone.utc)
    ids = [client.create_collection(f"{name}-{part}").id for part in ("one", "two")]

    def listed(**query):
        return [row["id"] for row in client._request("GET", "/v1/async/collections", params=query).json()]

    assert listed(name=f"{name}-one") == ids[:1]
    assert listed(name=name) == []
    assert listed(name_prefix=name) == ids[::-1]
    assert listed(name_prefix=name, since=before.isoformat()) == ids[::-1]
    zulu = before.isoformat().replace("+00:00", "Z")
    assert listed(name=f"{name}-two", since=zulu) == ids[1:]
    assert listed(name_prefix=name, since=(before + timedelta(hours=1)).isoformat()) == []


def test_the_requests_are_never_told(client, name):
    made = client.create_collection(name, [{"url": f"{KETTLE}?secret"}])
    answers = [
        client._request("GET", f"/v1/async/collections/{made.id}"),
        client._request("GET", "/v1/async/collections"),
        client._request("PUT", f"/v1/async/collections/{made.id}", json={"name": name}),
    ]
    for answer in answers:
        assert "secret" not in answer.text and "requests" not in answer.text
