//! Contract §4.10 to §4.13 and §5.4 over HTTP.

use serde_json::{Value, json};

use super::caller::{Answer, Caller, KEY, answer};

pub const PATH: &str = "/v1/async/collections";

pub fn page(number: usize) -> Value {
    json!({"url": format!("http://sample.shop/item/{number}")})
}

async fn create(caller: &Caller, name: &str, requests: Value) -> Answer {
    caller
        .post(PATH, json!({"name": name, "requests": requests}))
        .await
}

async fn created(caller: &Caller, name: &str) -> String {
    let answer = create(caller, name, json!([page(1)])).await;
    answer.body["id"].as_str().expect("an id").to_owned()
}

pub async fn with_key(caller: &Caller, key: &str, body: &str) -> Answer {
    let request = caller
        .http
        .post(caller.url(PATH))
        .header("Idempotency-Key", key)
        .header("Content-Type", "application/json")
        .bearer_auth(KEY)
        .body(body.to_owned());
    answer(request).await
}

/// How many requests a collection has.
fn kept(caller: &Caller, id: &str) -> i64 {
    caller
        .database()
        .query_row(
            "SELECT count(*) FROM collection_requests JOIN collections ON collections.id = collection WHERE public_id = ?1",
            [id],
            |row| row.get(0),
        )
        .expect("counts")
}

pub fn names(answer: &Answer) -> Vec<&str> {
    let list = answer.body.as_array().expect("a list");
    list.iter()
        .map(|one| one["name"].as_str().expect("a name"))
        .collect()
}

#[tokio::test]
async fn a_sound_collection_is_made() {
    let caller = Caller::new(&[]).await;
    let answer = create(&caller, "kettles", json!([page(1), page(2)])).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let expected = json!({
        "id": answer.body["id"],
        "name": "kettles",
        "message": "Collection created successfully.",
        "duplicates_skipped": 0,
        "duplicate_urls": [],
        "blocked_urls": [],
        "invalid_items": [],
    });
    assert_eq!(answer.body, expected);
    assert_eq!(
        answer.header("idempotency-replayed"),
        "",
        "no key, no word of it"
    );
    for name in [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-quota-used",
        "x-quota-remaining",
    ] {
        assert_ne!(answer.header(name), "", "{name}");
    }
    let id = answer.body["id"].as_str().expect("an id");
    assert_eq!(kept(&caller, id), 2);

    let told = caller.get(&format!("{PATH}/{id}")).await;
    assert_eq!(told.body["name"], "kettles");
    let keys: Vec<&String> = told.body.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        ["id", "name", "created_at", "updated_at"],
        "its requests are never told"
    );
    assert!(
        told.body["created_at"].is_f64(),
        "seconds since 1970: {}",
        told.body
    );
}

#[tokio::test]
async fn each_bad_request_costs_only_itself() {
    let caller = Caller::new(&[]).await;
    let requests = json!([
        page(1),
        {"url": "http://192.168.1.10/"},
        {"url": "http://localhost/"},
        {"url": "ftp://shop.example/"},
        {"url": "http://93.184.216.34:81/"},
        {"url": "www.shop.example"},
        {"url": "http://no-such-name.invalid/"},
        5,
        {"custom_id": "no address"},
        {"url": "http://sample.shop/2", "custom_id": "x".repeat(256)},
        {"url": "http://sample.shop/3", "screenshot": true},
        {"url": "http://sample.shop/4", "browser": true, "actions": [{"type": "click", "selector": "css:>>"}]},
        {"url": "http://sample.shop/5", "format": "pdf"},
        {"url": ""},
        page(1),
        {"url": "http://sample.shop/item/1", "custom_id": "a"},
        page(1),
    ]);
    let answer = create(&caller, "mixed", requests).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(
        answer.body["message"],
        "Collection created successfully. 6 URL(s) blocked (SSRF protection)."
    );
    let blocked: Vec<(u64, &str, &str)> = answer.body["blocked_urls"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            assert!(!one["message"].as_str().expect("words").is_empty(), "{one}");
            (
                one["index"].as_u64().expect("a place"),
                one["url"].as_str().expect("an address"),
                one["reason"].as_str().expect("a reason"),
            )
        })
        .collect();
    assert_eq!(
        blocked,
        [
            (1, "http://192.168.1.10/", "private_ip"),
            (2, "http://localhost/", "blocked_hostname"),
            (3, "ftp://shop.example/", "invalid_protocol"),
            (4, "http://93.184.216.34:81/", "invalid_port"),
            (5, "www.shop.example", "malformed_url"),
            (6, "http://no-such-name.invalid/", "dns_failed"),
        ]
    );
    let invalid: Vec<(u64, &str, &str)> = answer.body["invalid_items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let error = &one["errors"][0];
            assert!(
                !error["message"].as_str().expect("words").is_empty(),
                "{one}"
            );
            (
                one["index"].as_u64().expect("a place"),
                error["field"].as_str().expect("a field"),
                error["error_type"].as_str().expect("a type"),
            )
        })
        .collect();
    assert_eq!(
        invalid,
        [
            (7, "<root>", "not_a_dict"),
            (8, "url", "missing"),
            (9, "custom_id", "string_too_long"),
            (10, "screenshot", "param_invalid"),
            (11, "actions.0.selector", "value_error"),
            (12, "format", "literal_error"),
            (13, "url", "string_too_short"),
        ]
    );
    assert_eq!(answer.body["invalid_items"][0]["url"], Value::Null);
    assert_eq!(
        answer.body["invalid_items"][5]["url"], "http://sample.shop/5",
        "the address of an item that can't be read"
    );
    assert_eq!(answer.body["duplicates_skipped"], 2);
    let twice = "http://sample.shop/item/1";
    assert_eq!(
        answer.body["duplicate_urls"],
        json!([twice, twice]),
        "one for each that was skipped"
    );
    assert_eq!(
        kept(&caller, answer.body["id"].as_str().expect("an id")),
        2,
        "17 - 6 - 7 - 2"
    );
}

#[tokio::test]
async fn a_bad_envelope_makes_nothing() {
    let caller = Caller::new(&[]).await;
    for requests in [
        json!({"url": "http://sample.shop/"}),
        json!("http://sample.shop/"),
        json!(1),
    ] {
        let answer = create(&caller, "a", requests).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body,
            json!({"detail": "There is a problem with the collection. Please check the requests. `requests` must be a list."})
        );
    }
    for (body, field, kind) in [
        (json!({"requests": []}), "name", "missing"),
        (json!({"name": null}), "name", "missing"),
        (json!({"name": "  "}), "name", "string_too_short"),
        (json!({"name": 5}), "name", "string_type"),
        (
            json!({"name": "a", "callback_url": 5}),
            "callback_url",
            "string_type",
        ),
        (
            json!({"name": "a", "callback_url": "file:///etc"}),
            "callback_url",
            "url_parsing",
        ),
    ] {
        let answer = caller.post(PATH, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(
            answer.body["detail"][0]["loc"],
            json!(["body", field]),
            "{body}"
        );
        assert_eq!(answer.body["detail"][0]["type"], kind, "{body}");
    }
    let broken = with_key(&caller, "k", "{\"name\": \"a\", \"requests\": [").await;
    assert_eq!(
        (broken.status, &broken.body["detail"][0]["type"]),
        (422, &json!("json_invalid"))
    );
    let form = caller
        .http
        .post(caller.url(PATH))
        .bearer_auth(KEY)
        .body("name=a");
    assert_eq!(answer(form).await.status, 415);
    let stranger = caller
        .http
        .post(caller.url(PATH))
        .json(&json!({"name": "a"}));
    let stranger = answer(stranger).await;
    assert_eq!(
        (stranger.status, stranger.body),
        (401, json!({"detail": "Unauthorized"}))
    );
    assert_eq!(names(&caller.get(PATH).await), [""; 0], "nothing was made");
}

#[tokio::test]
async fn fifty_thousand_requests_fit_in_one_call() {
    let caller = Caller::new(&[]).await;
    let requests: Vec<Value> = (0..50_000)
        .map(|number| {
            json!({
                "url": format!("http://sample.shop/item/{number}"),
                "custom_id": format!("sku-{number}"),
                "headers": {"X-Shop": "kettles", "X-Padding": "p".repeat(150)},
                "extract": {"title": "css:h1", "price": {"selector": "css:.price", "multiple": true}},
            })
        })
        .collect();
    let answer = create(&caller, "large", json!(requests)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(
        kept(&caller, answer.body["id"].as_str().expect("an id")),
        50_000
    );

    let endless = format!(
        "{{\"name\": \"a\", \"requests\": [{}1]}}",
        "1,".repeat(200_000)
    );
    let refused = with_key(&caller, "endless", &endless).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert_eq!(
        refused.body["detail"],
        "There is a problem with the collection. Please check the requests. More than 200000 requests."
    );
}

#[tokio::test]
async fn lists_are_filtered_and_newest_first() {
    let caller = Caller::new(&[]).await;
    for name in ["kettles-1", "pans", "kettles-2", "kett_es"] {
        created(&caller, name).await;
    }
    // Noon of four days in May 2026.
    caller
        .database()
        .execute(
            "UPDATE collections SET created_at = 1777636800 + id * 86400",
            [],
        )
        .expect("gives them days");
    let list = async |query: &str| caller.get(&format!("{PATH}?{query}")).await;
    assert_eq!(
        names(&list("").await),
        ["kett_es", "kettles-2", "pans", "kettles-1"]
    );
    assert_eq!(names(&list("name=pans").await), ["pans"]);
    assert_eq!(names(&list("name=pan").await), [""; 0], "the whole name");
    assert_eq!(
        names(&list("name_prefix=kett").await),
        ["kett_es", "kettles-2", "kettles-1"]
    );
    assert_eq!(
        names(&list("name_prefix=kett_").await),
        ["kett_es"],
        "nothing stands for another sign"
    );
    for since in [
        "2026-05-04T12:00:00Z",
        "2026-05-04T14:00:00%2B02:00",
        "2026-05-04T14:00:00+02:00",
        "2026-05-04T12:00:00",
    ] {
        assert_eq!(
            names(&list(&format!("since={since}")).await),
            ["kett_es", "kettles-2"],
            "{since}"
        );
    }
    assert_eq!(
        names(&list("since=2026-05-04T12:00:00.001Z&name_prefix=kett").await),
        ["kett_es"],
        "all that is asked for"
    );
    let refused = list("since=yesterday").await;
    assert_eq!(
        (refused.status, &refused.body["detail"][0]["loc"]),
        (422, &json!(["query", "since"]))
    );
}

#[tokio::test]
async fn a_collection_is_changed_and_deleted() {
    let caller = Caller::new(&[]).await;
    let id = created(&caller, "old").await;
    let path = format!("{PATH}/{id}");
    let before = caller.get(&path).await.body;

    let renamed = caller.put(&path, json!({"name": "new"})).await;
    assert_eq!(renamed.status, 200, "{}", renamed.body);
    let expected = json!({
        "id": id,
        "name": "new",
        "message": "Collection updated successfully.",
        "duplicates_skipped": 0,
        "duplicate_urls": [],
        "blocked_urls": [],
        "invalid_items": [],
    });
    assert_eq!(renamed.body, expected);
    assert_eq!(kept(&caller, &id), 1, "requests that aren't spoken of stay");
    let after = caller.get(&path).await.body;
    assert_eq!(after["created_at"], before["created_at"]);
    assert!(
        after["updated_at"].as_f64() > before["updated_at"].as_f64(),
        "{after}"
    );

    let requests = json!([page(1), page(2), page(2), {"url": "http://10.0.0.1/"}, 5]);
    let replaced = caller
        .put(&path, json!({"name": "new", "requests": requests}))
        .await;
    assert_eq!(
        replaced.body["message"],
        "Collection updated successfully. 1 URL(s) blocked (SSRF protection)."
    );
    assert_eq!(replaced.body["blocked_urls"][0]["index"], 3);
    assert_eq!(replaced.body["invalid_items"][0]["index"], 4);
    assert_eq!(kept(&caller, &id), 2);
    let refused = caller
        .put(&path, json!({"name": "new", "requests": 5}))
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!(kept(&caller, &id), 2, "a refused change changes nothing");
    assert_eq!(
        caller.put(&path, json!({"requests": []})).await.status,
        422,
        "the name is required"
    );
    caller
        .put(&path, json!({"name": "new", "requests": []}))
        .await;
    assert_eq!(kept(&caller, &id), 0);

    assert_eq!(caller.delete(&path).await.status, 200);
    assert_eq!(names(&caller.get(PATH).await), [""; 0]);
    let gone = json!({"detail": "Collection not found."});
    for answer in [
        caller.get(&path).await,
        caller.put(&path, json!({"name": "new"})).await,
        caller.delete(&path).await,
        caller.get(&format!("{PATH}/no-such")).await,
    ] {
        assert_eq!((answer.status, &answer.body), (404, &gone));
    }
}
