"""What was used: credits, metrics, limits; plans and health."""

import re
from datetime import datetime, timezone

import pytest
from conftest import SHOP
from scrapingpros import ValidationError

KETTLE = f"{SHOP}/shop/cast-iron-kettle"


def this_month():
    return datetime.now(timezone.utc).strftime("%Y-%m")


def mine(client):
    bill = client.billing()
    assert list(bill.clients) == [client.proxy_status().client_id]
    return bill.clients[client.proxy_status().client_id]


def test_the_bill_is_what_was_spent(client, name):
    month = this_month()
    before = mine(client)
    spent = []
    for page in (
        client.scrape(KETTLE),
        client.scrape(f"{SHOP}/gone"),
        client.scrape(f"{SHOP}/new", browser=True),
        client.scrape(f"{SHOP}/checkpoint", browser=True),
    ):
        spent.append(page.guidance.credits_charged)
    assert spent == [1, 0, 5, 0]
    batch = client.submit_batch(
        name,
        [{"url": f"{KETTLE}?{n}", "custom_id": str(n)} for n in range(12)]
        + [{"url": f"{SHOP}/gone?{n}"} for n in range(4)]
        + [{"url": f"{SHOP}/shop", "browser": True}],
    )
    results = batch.run_until_complete(poll_interval=0.1, timeout=60)
    spent += [result.guidance.credits_charged for result in results]
    assert sum(spent) == 6 + 12 + 5
    after = mine(client)
    if this_month() != month:
        pytest.skip("the month ended meanwhile")

    grown = {field: getattr(after, field) - getattr(before, field) for field in type(after).model_fields if field.startswith(("simple", "browser", "total"))}
    assert grown == {
        "simple_success": 13, "simple_failed": 5, "simple_total": 18,
        "browser_success": 2, "browser_failed": 1, "browser_total": 3,
        "total_requests": 21, "total_success": 15, "total_failed": 6,
    }  # fmt: skip
    assert after.credits.total - before.credits.total == sum(spent)
    assert after.credits.simple - before.credits.simple == 13
    assert after.credits.browser - before.credits.browser == 10
    assert client.get_batch(batch.collection_id, batch.run_id).total == 17


def test_a_download_is_on_the_bill(client):
    before = mine(client)
    with pytest.warns(DeprecationWarning):
        client.download(f"{SHOP}/files/prices.csv")
    charged = client.credits_charged
    assert mine(client).credits.total - before.credits.total == charged


def test_the_bill_of_a_month_and_by_website(client):
    bill = client.billing(month=this_month(), detail="urls")
    assert bill.month == this_month() == client.billing().month
    assert (bill.credit_system.simple_request, bill.credit_system.browser_request) == (1, 5)
    sums = bill.clients[client.proxy_status().client_id]
    assert "sample.shop" in str(sums.by_url)
    assert mine(client).by_url is None

    empty = client.billing(month="2001-01")
    assert empty.month == "2001-01"
    assert all(sums.total_requests == 0 for sums in empty.clients.values())
    with pytest.raises(ValidationError):
        client.billing(month="May")


def test_metrics_of_the_client(client):
    today = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    before = client.client_metrics(date=today)
    client.scrape(KETTLE)
    client.scrape(f"{SHOP}/shop", browser=True)
    after = client.client_metrics(date=today)
    assert after.date == today
    assert count(after.scrape_type["simple"]) - count(before.scrape_type["simple"]) == 1
    assert count(after.scrape_type["browser"]) - count(before.scrape_type["browser"]) == 1

    assert client.client_metrics(date=this_month()).scrape_type
    assert client.client_metrics(date=f"{today}:{today}").scrape_type == after.scrape_type
    assert client.client_metrics().scrape_type
    hourly = client.client_metrics(date=today, hourly=True, detail="urls")
    assert hourly.hourly and sum(map(count, hourly.hourly.values())) >= 2
    assert "sample.shop" in hourly.url
    assert client.client_metrics(date="2001-01-01").date == "2001-01-01"


def count(value) -> int:
    """The requests in a number or in an object of numbers."""
    if isinstance(value, dict):
        return value["total"] if "total" in value else sum(map(count, value.values()))
    return value


def test_metrics_of_the_engine(client):
    today = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    assert isinstance(client.metrics(), dict)
    for metric in ("url", "proxy", "api_codes"):
        assert client.metrics(date=f"{today}:{today}", metric=metric)


def test_limits_and_quota_are_told_with_every_answer(client):
    client.scrape(KETTLE)
    written = client.rate_limit_remaining
    assert isinstance(written, int)
    assert client.quota_remaining == "unlimited" or isinstance(client.quota_remaining, int)
    client.list_collections()
    read = client.rate_limit_remaining
    assert read > written, "reads have a bucket of their own, and a larger one"
    client.scrape(KETTLE)
    assert client.rate_limit_remaining < written or client.rate_limit_remaining > written + 100, "counted, or a new minute"
    assert client.credits_charged == 1
    client.list_collections()
    assert client.credits_charged in (None, 0), "looking costs nothing"


def test_plans(client):
    plan = client.plans()["plans"][0]
    assert isinstance(plan["display_name"], str)
    assert isinstance(plan["credits_monthly"], int)
    assert isinstance(plan["max_concurrent_jobs"], int) and plan["max_concurrent_jobs"] > 0


def test_health(client):
    health = client.health()
    assert health["status"] == "healthy", health
    assert len(health["components"]) > 2
    for part in health["components"].values():
        assert re.fullmatch(r"[a-z ]+", part["status"])
