//! Rows about single values.

use scrapingpros::types::{
    Collection, DownloadResponse, Guidance, HttpMethod, NewCollection, PostEncoding, Run,
    ScrapeRequest, ScrapeResponse,
};
use serde_json::{Value, json};

use crate::job;
use crate::wire::{answering, client, error, json as ok, page};

#[test]
fn row_11_a_collection_may_be_nothing_but_id_and_name() {
    for (row, has_times) in [
        (r#"{"id": "c1", "name": "a"}"#, false),
        (
            r#"{"id": "c1", "name": "a", "created_at": null, "updated_at": null}"#,
            false,
        ),
        (
            r#"{"id": "c1", "name": "a", "created_at": 1777853200.5, "updated_at": 1777853200.5}"#,
            true,
        ),
    ] {
        let read: Collection = serde_json::from_str(row).expect(row);
        assert_eq!(read.created_at.is_some(), has_times, "{row}");
        assert_eq!(read.updated_at.is_some(), has_times, "{row}");
    }
}

#[test]
fn row_13_every_time_is_read_in_every_form() {
    let moment = "2026-05-03T12:00:05.1Z";
    for form in [
        json!(1_777_809_605.1),
        json!("1777809605.1"),
        json!("2026-05-03T12:00:05.100"),
        json!("2026-05-03 12:00:05.100"),
        json!("2026-05-03T12:00:05.100Z"),
        json!("2026-05-03T12:00:05.1+00:00"),
        json!("2026-05-03T14:00:05.100+02:00"),
        json!(" 2026-05-03T12:00:05.100 "),
    ] {
        let row = job(&format!(
            r#", "queued_at": {form}, "started_at": {form}, "completed_at": {form}"#
        ));
        for time in [row.queued_at, row.started_at, row.completed_at] {
            assert_eq!(time.expect("a time").to_string(), moment, "{form}");
        }
        let run: Run =
            serde_json::from_value(json!({"run_id": "r", "created_at": form})).expect("a run");
        assert_eq!(
            run.created_at.expect("a time").to_string(),
            moment,
            "{form}"
        );
        let collection = json!({"id": "c", "created_at": form, "updated_at": form});
        let collection: Collection = serde_json::from_value(collection).expect("a collection");
        assert_eq!(collection.updated_at, run.created_at, "{form}");
    }
    for (odd, kept) in [
        (json!("yesterday"), true),
        (json!(1e300), true),
        (json!([2026]), true),
        (json!(true), true),
        (json!(""), true),
        (json!(null), false),
    ] {
        let row = job(&format!(r#", "completed_at": {odd}"#));
        assert_eq!(row.completed_at, None, "{odd}");
        assert_eq!(
            row.unknown.contains_key("completed_at"),
            kept,
            "{odd}: kept as it came"
        );
    }
}

#[tokio::test]
async fn row_13_times_of_errors_are_read_in_every_form_too() {
    for form in [
        json!("2026-05-01T09:30:00Z"),
        json!("2026-05-01T09:30:00"),
        json!(1_777_627_800),
    ] {
        let body = json!({"detail": {"error_code": "result_expired", "message": "x", "completed_at": form}});
        let server = answering(error(404, &body.to_string())).await;
        let failure = client(&server.uri()).jobs().result("c", "r", "j").await;
        let failure = failure.expect_err("expired");
        let completed = failure.missing().and_then(|missing| missing.completed_at);
        assert_eq!(
            completed.expect("a time").to_string(),
            "2026-05-01T09:30:00Z",
            "{form}"
        );
    }
}

#[test]
fn row_14_no_browser_is_named_unless_it_is_chosen_and_any_is_read() {
    let sent = serde_json::to_value(page()).expect("JSON");
    assert_eq!(sent, json!({"url": "https://shop.example/"}));
    for browser in [
        "light",
        "heavy",
        "stealth",
        "auto",
        "flex",
        "from the future",
    ] {
        let text = json!({"url": "https://a.example/", "browser_type": browser});
        let read: ScrapeRequest = serde_json::from_value(text.clone()).expect("a request");
        assert_eq!(read.browser_type.as_deref(), Some(browser));
        let guidance: Guidance =
            serde_json::from_value(json!({"suggested_request": text})).expect("guidance");
        let suggested = guidance.suggested_request.expect("a suggestion");
        assert_eq!(suggested.browser_type.as_deref(), Some(browser));
    }
}

#[tokio::test]
async fn row_15_a_message_may_be_missing() {
    for body in [
        r#"{"id": "c", "run_id": "r", "message": null}"#,
        r#"{"id": "c", "run_id": "r"}"#,
    ] {
        let server = answering(ok(body)).await;
        let client = client(&server.uri());
        let result = client.jobs().result("c", "r", "j").await.expect(body);
        assert_eq!(result.value.message, None);
        let made = client.collections().create(&NewCollection::default()).await;
        assert_eq!(made.expect(body).value.message, None);
    }
    assert_eq!(job(r#", "message": null"#).message, None);
}

#[test]
fn row_16_a_content_type_is_read_in_both_spellings() {
    for text in [r#"{"content_type": "a/b"}"#, r#"{"contentType": "a/b"}"#] {
        let scraped: ScrapeResponse = serde_json::from_str(text).expect(text);
        assert_eq!(scraped.content_type.as_deref(), Some("a/b"), "{text}");
        let file: DownloadResponse = serde_json::from_str(text).expect(text);
        assert_eq!(file.content_type.as_deref(), Some("a/b"), "{text}");
    }
    let post = HttpMethod::Post {
        payload: Value::Null,
        url: None,
        content_type: Some(PostEncoding::Form),
    };
    let sent = serde_json::to_value(post).expect("JSON");
    assert_eq!(
        sent["content_type"], "form",
        "there it says how the payload is written"
    );
}

#[test]
fn row_22_a_refund_is_what_the_service_says_it_is() {
    for (guidance, charged, refunded) in [
        (
            json!({"success": false, "credits_charged": 0, "credits_refunded": true}),
            Some(0),
            Some(true),
        ),
        (
            json!({"success": false, "credits_charged": 5, "credits_refunded": false}),
            Some(5),
            Some(false),
        ),
        (json!({"success": false}), None, None),
    ] {
        let result = json!({"statusCode": 500, "html": null, "guidance": guidance});
        let result: ScrapeResponse = serde_json::from_value(result).expect("a result");
        let said = result.guidance_or_synthesised(None);
        assert_eq!(
            (said.credits_charged, said.credits_refunded),
            (charged, refunded),
            "{guidance}"
        );
    }
}
