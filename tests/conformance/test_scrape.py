"""One page, inline: scrape and download, without a browser."""

import asyncio
import base64
import json

import pytest
from conftest import SHOP
from scrapingpros import MethodGET, MethodPOST, ProxyConfig
from website import what_arrived

KETTLE = f"{SHOP}/shop/cast-iron-kettle"


def test_a_page_as_html(client):
    page = client.scrape(KETTLE)
    assert page.statusCode == 200 and page.message == "OK"
    assert page.url == KETTLE
    assert "<h1>" in page.html and page.markdown is None
    assert page.content == page.text == page.html
    assert page.body == page.html.encode()
    assert page.content_type.startswith("text/html")
    assert not page.is_binary
    assert page.executionTime > 0
    assert page.potentiallyBlockedByCaptcha is False
    assert page.guidance.success and page.guidance.error_type is None
    assert page.guidance.credits_charged == 1 and page.guidance.credits_refunded is False
    assert client.credits_charged == 1, "the header agrees with the answer"


def test_a_page_as_markdown(client):
    page = client.scrape(KETTLE, format="markdown")
    assert page.html is None
    assert page.markdown.count("# ") > 1 and "<h1>" not in page.markdown
    assert page.content == page.markdown


def test_values_by_css_and_xpath(client):
    page = client.scrape(
        f"{SHOP}/shop",
        extract={
            "title": "css:h1",
            "names": {"selector": "css:.card .name", "multiple": True},
            "links": {"selector": "xpath://a[contains(@class, 'card')]", "attribute": "href", "multiple": True},
        },
    )
    values = page.extracted_data
    assert values["title"]
    assert len(values["names"]) == len(values["links"]) == 12
    assert all(link.startswith("/shop/") for link in values["links"])


def test_headers_cookies_and_language_arrive(client, site):
    page = client.scrape(
        f"{site.url}/seen?by=sdk",
        headers={"X-Test": "kettle"},
        cookies={"session": "abc", "currency": "GBP"},
        language="es-AR",
        http_method=MethodGET(),
    )
    arrived = what_arrived(page.html)
    assert arrived["method"] == "GET" and arrived["query"] == {"by": ["sdk"]}
    assert arrived["headers"]["x-test"] == "kettle"
    assert set(arrived["headers"]["cookie"].split("; ")) == {"session=abc", "currency=GBP"}
    assert arrived["headers"]["accept-language"].startswith("es-AR")


def test_a_post_of_json(client, site):
    payload = {"query": "oak", "page": 2, "tags": ["tea", "jug"]}
    page = client.scrape(f"{site.url}/search", http_method=MethodPOST(payload=payload))
    arrived = what_arrived(page.html)
    assert arrived["method"] == "POST"
    assert arrived["headers"]["content-type"].startswith("application/json")
    assert json.loads(arrived["body"]) == payload


def test_a_post_of_a_form_to_another_address(client):
    payload = {"name": "Maya", "email": "maya@example.com", "topic": "Trade", "message": "Twelve kettles"}
    page = client.scrape(
        f"{SHOP}/",
        http_method=MethodPOST(url=f"{SHOP}/contact", payload=payload, content_type="form"),
        extract={"name": "css:.sent-name", "message": "css:.sent-message"},
    )
    assert page.statusCode == 200
    assert page.extracted_data == {"name": "Maya", "message": "Twelve kettles"}


def test_every_way_to_say_that_any_connection_will_do(client):
    for use_proxy in ("any", None, ProxyConfig()):
        assert client.scrape(KETTLE, use_proxy=use_proxy).guidance.success


def test_a_page_that_is_gone_is_not_charged(client):
    page = client.scrape(f"{SHOP}/gone")
    assert page.statusCode == 404 and page.message == "NOT FOUND"
    assert not page.guidance.success
    assert page.guidance.credits_charged == 0 and page.guidance.credits_refunded is True
    assert client.credits_charged == 0


def test_a_page_that_broke(client):
    page = client.scrape(f"{SHOP}/broken")
    assert page.statusCode == 500
    assert not page.guidance.success and page.guidance.credits_charged == 0


def test_a_captcha_is_told_with_a_way_on(client):
    page = client.scrape(f"{SHOP}/checkpoint?browser=1", retry_on_block=True)
    assert page.statusCode == 403 and page.potentiallyBlockedByCaptcha
    assert page.guidance.error_type == "captcha"
    assert page.guidance.credits_charged == 0
    assert page.guidance.next_steps
    suggested = dict(page.guidance.suggested_request)
    assert suggested.pop("url") == page.url and suggested["browser"] is True
    again = client.scrape(page.url, **suggested)
    assert again.guidance.success, "the suggestion is ready to be sent as it is"


def test_a_login_wall_says_that_trying_again_is_no_use(client):
    page = client.scrape(f"{SHOP}/account/orders")
    assert not page.guidance.success
    assert page.guidance.stop_reason


def test_a_connection_that_ends_without_an_answer(client, site):
    page = client.scrape(f"{site.url}/dropped")
    assert page.message
    if page.guidance is None:
        assert page.statusCode == 500, "the failure of contract §1.5"
    else:
        assert not page.guidance.success and page.guidance.credits_charged == 0


@pytest.mark.parametrize(
    "file, kind, start",
    [
        ("price-list.pdf", "application/pdf", b"%PDF-"),
        ("kettle.png", "image/png", b"\x89PNG"),
        ("catalogue.zip", "application/zip", b"PK"),
    ],
)
def test_a_file_by_scrape(client, tmp_path, file, kind, start):
    answer = client.scrape(f"{SHOP}/files/{file}")
    assert answer.is_binary and answer.content_type == kind
    assert answer.content is None and answer.text is None
    assert answer.body.startswith(start)
    saved = tmp_path / file
    assert answer.save(saved) == len(answer.body)
    assert saved.read_bytes() == answer.body == answer.download_body_sync()
    assert asyncio.run(answer.download_body()) == answer.body


def test_a_file_by_download(client):
    with pytest.warns(DeprecationWarning, match="download"):
        answer = client.download(f"{SHOP}/files/price-list.pdf")
    assert answer.contentType == "application/pdf"
    assert answer.statusCode == 200 and answer.message == "OK"
    assert answer.executionTime > 0
    assert base64.b64decode(answer.content) == client.scrape(f"{SHOP}/files/price-list.pdf").body
