"""One page in a real browser: screenshot, steps, scripts, captured calls, blocked parts."""

import base64
import json

from conftest import SHOP
from scrapingpros import (
    ClickAction,
    CollectAction,
    EvaluateAction,
    InputAction,
    KeyPressAction,
    NetworkCaptureConfig,
    SelectAction,
    SelectorInvisibleCondition,
    SelectorVisibleCondition,
    WaitForSelectorAction,
    WaitForTimeoutAction,
    WhileControl,
)

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_page_drawn_by_javascript_with_its_picture_and_calls(client):
    page = client.scrape(
        f"{SHOP}/new",
        browser=True,
        screenshot=True,
        window_size="desktop",
        network_capture=NetworkCaptureConfig(
            resource_types=["xhr", "fetch"], listen_after_load_ms=300, url_pattern="*products.json*"
        ),
        extract={"names": {"selector": "css:.card .name", "multiple": True}},
        actions=[
            WaitForSelectorAction(selector="css:.card", time=5000, state="visible"),
            ClickAction(selector="css:.cookies .accept", optional=True),
            WaitForSelectorAction(selector="css:.cookies", time=5000, state="hidden"),
            WhileControl(
                condition=SelectorVisibleCondition(selector="css:.more"),
                actions=[
                    ClickAction(selector="css:.more:not([disabled])", optional=True),
                    WaitForTimeoutAction(time=30),
                ],
            ),
            EvaluateAction(script="document.querySelectorAll('.card').length"),
            EvaluateAction(script="({title: document.title, width: innerWidth})"),
        ],
    )
    assert page.guidance.success and page.guidance.credits_charged == 5
    assert client.credits_charged == 5
    assert base64.b64decode(page.screenshot).startswith(PNG)
    count, told = page.evaluate_results
    assert count == 24 == len(page.extracted_data["names"])
    assert "Kettle & Oak" in told["title"]

    calls = [call for call in page.network_requests if call["url"].endswith("/api/products.json")]
    assert len(calls) == 1
    call = calls[0]
    assert call["method"] == "GET" and call["status"] == 200
    assert call["resource_type"] in ("fetch", "xhr")
    assert call["content_type"].startswith("application/json")
    assert json.loads(call["body"])["count"] == 24
    assert call["body_encoding"] == "utf-8"
    assert {call["resource_type"] for call in page.network_requests} <= {"fetch", "xhr"}


def test_steps_fill_a_form_and_collect(client):
    page = client.scrape(
        f"{SHOP}/contact",
        browser=True,
        window_size="mobile",
        actions=[
            InputAction(selector="css:input[name=name]", text="Maya"),
            InputAction(selector="xpath://input[@name='email']", text="maya@example.com"),
            SelectAction(selector="css:select[name=topic]", value="Trade"),
            InputAction(selector="css:textarea[name=message]", text="Twelve kettles"),
            WhileControl(
                condition=SelectorInvisibleCondition(selector="css:.sent"),
                actions=[
                    CollectAction(extract={"heading": "css:h1"}),
                    ClickAction(selector="css:main button[type=submit]", wait_for_navigation=True),
                ],
                max_iterations=3,
            ),
            KeyPressAction(key="Escape"),
        ],
        extract={"topic": "css:.sent-topic"},
    )
    assert page.statusCode == 200
    assert page.extracted_data["topic"] == "Trade"
    assert page.extracted_data["heading"] in ("Write to us", ["Write to us"]), "collected before the form was sent"


def test_parts_of_a_page_can_be_left_out(client):
    page = client.scrape(
        f"{SHOP}/new",
        browser=True,
        block_requests=["PRODUCTS.json"],
        block_resources=["image", "font"],
        network_capture=NetworkCaptureConfig(),
    )
    answered = [call for call in page.network_requests if "products.json" in call["url"] and call.get("status") == 200]
    assert not answered, "blocked by a part of its address, whatever the case"
    assert 'class="card"' not in page.html


def test_a_captcha_page_stays_one_in_a_browser(client):
    page = client.scrape(f"{SHOP}/checkpoint", browser=True)
    assert page.statusCode == 403
    assert page.guidance.error_type == "captcha" and page.guidance.credits_charged == 0
