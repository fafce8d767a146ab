"""Countries: listed, asked for, refused until there is a way through them."""

import pytest
from conftest import SHOP
from scrapingpros import APIError, CountryProxyNotApproved, ProxyConfig


def test_countries_are_those_of_iso(client):
    countries = client.list_proxy_countries()
    assert countries.error is None
    assert len(countries.countries) > 200 and {"AR", "BR", "DE", "US"} <= set(countries.countries)
    assert all(len(code) == 2 and code.isupper() for code in countries.countries)
    assert len(set(countries.countries)) == len(countries.countries)


def test_a_country_is_pending_until_there_is_a_proxy(client):
    asked = client.request_proxy_country("BR", reason="Prices in reais")
    assert (asked.status, asked.country_code) == ("pending", "BR") and asked.message
    assert client.request_proxy_country("BR").status == "pending"
    status = client.proxy_status()
    assert status.client_id and status.error is None
    assert status.pending_countries.count("BR") == 1
    assert "BR" not in status.approved_countries

    for use_proxy in ("BR", ProxyConfig(proxy="BR")):
        with pytest.raises(CountryProxyNotApproved) as error:
            client.scrape(f"{SHOP}/shop", use_proxy=use_proxy)
        assert error.value.status_code == 403
        assert "Country proxy not approved" in error.value.detail
    with pytest.warns(DeprecationWarning), pytest.raises(CountryProxyNotApproved):
        client.download(f"{SHOP}/files/prices.csv", use_proxy="BR")


def test_a_country_with_a_proxy_is_really_gone_through(client, site):
    asked = client.request_proxy_country("AR")
    assert (asked.status, asked.country_code) == ("already_approved", "AR")
    status = client.proxy_status()
    assert status.approved_countries == ["AR"] and "AR" not in status.pending_countries

    here = site.url.removeprefix("http://")
    for call in (
        lambda: client.scrape(f"{site.url}/seen", use_proxy="AR"),
        lambda: client.scrape(f"{site.url}/seen", use_proxy=ProxyConfig(proxy="AR", max_retries=1)),
        lambda: client.scrape(f"{site.url}/seen", use_proxy="AR", browser=True),
    ):
        site.tunnels.clear()
        page = call()
        assert page.guidance.success, page.message
        assert here in site.tunnels, "the page was asked for through the proxy"
    site.tunnels.clear()
    assert client.scrape(f"{site.url}/seen", use_proxy=None).guidance.success
    assert site.tunnels == [], "and not through it when nobody asked for that"


@pytest.mark.parametrize("code", ["XX", "Germany", ""])
def test_no_such_country(client, code):
    with pytest.raises(APIError) as error:
        client.request_proxy_country(code)
    assert error.value.status_code in (400, 422)
