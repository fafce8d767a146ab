"""Which way a website can be scraped, found out by trying."""

import time

import pytest
from conftest import PATIENCE, SHOP
from scrapingpros import APIError, ValidationError, WaitForSelectorAction


def ended(client, test):
    deadline = time.monotonic() + PATIENCE
    while test.status == "in_progress":
        assert time.monotonic() < deadline, f"the test did not end: {test}"
        time.sleep(0.1)
        test = client.get_viability_test(test.run_id)
    assert test.status == "completed" and test.completed_urls == test.total_urls
    return {result.url: result for result in test.results}


def test_one_try_each(client):
    addresses = [f"{SHOP}/shop", f"{SHOP}/checkpoint", f"{SHOP}/account/orders"]
    test = client.create_viability_test(addresses, depth="quick")
    assert test.status in ("in_progress", "completed") and test.depth == "quick" and test.total_urls == 3
    results = ended(client, test)
    assert list(results) == addresses

    shop = results[f"{SHOP}/shop"]
    assert shop.can_use_simple_request and shop.can_use_extract_html
    assert shop.status_code == 200 and not shop.captcha_detected and not shop.soft_block
    assert shop.content_type.startswith("text/html")
    assert shop.best_mode == "simple" == shop.recommended_strategy
    assert shop.difficulty == "easy" and shop.total_credits_used == 1
    assert list(shop.modes_tested) == ["simple"]
    assert shop.modes_tested["simple"].success and shop.modes_tested["simple"].credits == 1
    assert client.scrape(shop.url, **shop.suggested_params).guidance.success

    captcha = results[f"{SHOP}/checkpoint"]
    assert captcha.captcha_detected and captcha.status_code == 403
    assert not captcha.can_use_simple_request and captcha.best_mode is None
    wall = results[f"{SHOP}/account/orders"]
    assert wall.login_wall


def test_a_browser_is_tried_when_nothing_simpler_works(client):
    before = spent(client)
    address = f"{SHOP}/checkpoint?browser=1"
    test = client.create_viability_test(
        [address], depth="standard", actions=[WaitForSelectorAction(selector="css:h1", time=3000)]
    )
    result = ended(client, test)[address]
    assert not result.can_use_simple_request and result.can_use_browser
    assert result.captcha_detected and result.difficulty in ("medium", "hard")
    assert result.modes_tested["simple"].blocked and not result.modes_tested["simple"].success
    assert result.modes_tested[result.best_mode].success
    assert result.suggested_params["browser"] is True
    assert result.total_credits_used == sum(mode.credits for mode in result.modes_tested.values()) <= 7
    assert spent(client) - before == result.total_credits_used, "the bill has it too"


def test_the_trying_stops_when_a_way_is_found(client):
    address = f"{SHOP}/shop/cast-iron-kettle"
    result = ended(client, client.create_viability_test([address]))[address]
    assert list(result.modes_tested) == ["simple"] and result.total_credits_used == 1


def spent(client):
    return client.billing().clients[client.proxy_status().client_id].credits.total


def test_what_is_refused(client):
    with pytest.raises(APIError) as error:
        client.get_viability_test("vt-none")
    assert error.value.status_code == 404
    with pytest.raises(ValidationError):
        client.create_viability_test([SHOP], depth="thorough")
