//! What holds for every answer: paging loses and repeats nothing, times come back in each of their forms, and no bytes
//! make a parser panic. `PROPTEST_CASES` sets how many answers are tried.
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod wire;

use futures::TryStreamExt;
use proptest::prelude::*;
use scrapingpros::types::{
    BillingResponse, ClientMetrics, Collection, CollectionReceipt, CountryRequested, Job, JobsPage,
    ProxyCountries, ProxyStatus, Run, ScrapeResponse, ViabilityRun, time,
};
use scrapingpros::{JobsQuery, PreparedCollection, ResultError, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use wiremock::matchers;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// The names the parsers look for, so that they meet values they do not expect.
const NAMES: &[&str] = &[
    "items",
    "cursor_next",
    "has_more",
    "total",
    "job_public_id",
    "status",
    "result",
    "run_id",
    "id",
    "created_at",
    "completed_at",
    "protection_stack",
    "rule_hits",
    "job_ids",
    "failed_jobs",
    "success_criterion",
    "statusCode",
    "html",
    "guidance",
    "blocked_urls",
    "invalid_items",
    "errors",
    "index",
    "results",
    "url",
    "modes_tested",
    "countries",
    "scrape_type",
    "clients",
    "error_code",
    "detail",
    "message",
    "execution_time_ms",
    "execution_time_sec",
];

const WORDS: &[&str] = &[
    "completed",
    "2026-05-03T12:00:05.100",
    "2026-05-03T12:00:05Z",
    "none",
    "[\"a\"]",
    "a,b",
    "1e400",
    "result_expired",
    "",
    "9999-12-31T23:59:59Z",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
    ];
    let name = prop_oneof![
        6 => prop::sample::select(NAMES).prop_map(str::to_owned),
        1 => ".{0,6}",
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// JSON of which a byte or two were changed, cut off or put in.
fn damaged_json() -> impl Strategy<Value = Vec<u8>> {
    let damage = (any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    (any_json(), prop::collection::vec(damage, 0..3)).prop_map(|(json, damages)| {
        let mut bytes = json.to_string().into_bytes();
        for (place, byte, kind) in damages {
            if bytes.is_empty() {
                break;
            }
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => bytes.truncate(place),
                2 => bytes.insert(place, byte),
                _ => drop(bytes.remove(place)),
            }
        }
        bytes
    })
}

/// Reads, writes and reads again: what was understood once is understood the same way.
fn settles<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else {
        return;
    };
    let written = serde_json::to_vec(&read).expect("what was read can be written");
    let again: T = serde_json::from_slice(&written).expect("and read again");
    let rewritten = serde_json::to_vec(&again).expect("and written again");
    let (first, second): (Value, Value) = (
        serde_json::from_slice(&written).expect("JSON"),
        serde_json::from_slice(&rewritten).expect("JSON"),
    );
    assert_eq!(first, second, "out of {}", String::from_utf8_lossy(bytes));
}

fn read_as_everything(bytes: &[u8]) {
    settles::<Collection>(bytes);
    settles::<CollectionReceipt>(bytes);
    settles::<Run>(bytes);
    settles::<Job>(bytes);
    settles::<ViabilityRun>(bytes);
    settles::<ProxyCountries>(bytes);
    settles::<ProxyStatus>(bytes);
    settles::<CountryRequested>(bytes);
    settles::<ClientMetrics>(bytes);
    settles::<BillingResponse>(bytes);
    settles::<ScrapeResponse>(bytes);
    let _ = serde_json::from_slice::<PreparedCollection>(bytes);
    let Ok(page) = JobsPage::from_json(bytes.to_vec()) else {
        return;
    };
    let _ = page.next();
    for row in page.rows {
        match row {
            Ok(job) => {
                let _ = (job.inline_result(), job.execution_time(), job.blocked_by());
                assert!(!job.synthesised_result().verdict(), "{job:?}");
            }
            Err(odd) => assert!(odd.path.contains('['), "{odd:?} says where it was"),
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn no_damaged_answer_makes_a_parser_panic(bytes in damaged_json()) {
        read_as_everything(&bytes);
    }

    #[test]
    fn no_answer_makes_a_parser_panic(answer in any_json()) {
        read_as_everything(answer.to_string().as_bytes());
        let page = json!({"items": [answer.clone(), {"job_public_id": "j", "result": answer}], "has_more": false});
        let page = JobsPage::from_json(page.to_string()).expect("a page, whatever its rows");
        prop_assert_eq!(page.rows.len(), 2, "no row is lost");
        let last = page.rows[1].as_ref();
        prop_assert_eq!(last.map(|job| job.job_public_id.as_str()).ok(), Some("j"));
    }

    /// The way in one go and the way row by row understand the same.
    #[test]
    fn an_odd_row_changes_nothing_about_the_others(rows in prop::collection::vec(any_json(), 0..5)) {
        let rows: Vec<Value> = rows.into_iter().enumerate().map(|(index, fields)| {
            let mut row = fields
                .as_object()
                .cloned()
                .unwrap_or_else(|| Map::from_iter([("new".to_owned(), fields)]));
            row.insert("job_public_id".into(), format!("j{index}").into());
            Value::Object(row)
        }).collect();
        let page = |rows: &[Value]| {
            let text = json!({"items": rows, "cursor_next": "n"}).to_string();
            JobsPage::from_json(text).expect("a page")
        };
        let straight = page(&rows);
        let mut with_odd = rows.clone();
        with_odd.push(json!("odd"));
        let mut one_by_one = page(&with_odd);
        prop_assert!(one_by_one.rows.pop().expect("the odd one").is_err());
        prop_assert_eq!(straight, one_by_one);
    }

    #[test]
    fn a_time_comes_back_in_each_of_its_forms(micros in -62_135_596_800_000_000_i64..253_402_300_000_000_000) {
        let moment = Timestamp::from_microsecond(micros).expect("within the years 1 to 9999");
        prop_assert_eq!(time::read(&json!(time::naive(moment))), Some(moment), "ISO without a zone");
        prop_assert_eq!(time::read(&json!(time::zulu(moment))), Some(moment), "ISO with Z");
        // A float holds microseconds exactly up to the year 2106.
        if micros.abs() < 1_000_000 << 32 {
            prop_assert_eq!(time::read(&json!(time::epoch(moment))), Some(moment), "seconds since 1970");
        }
    }

    #[test]
    fn milliseconds_keep_the_contracts_own_form(millis in 0_i64..253_402_300_000_000) {
        let moment = Timestamp::from_millisecond(millis).expect("a time");
        let naive = time::naive(moment);
        prop_assert_eq!(naive.len(), "2026-04-24T12:00:05.100".len(), "{}", naive);
        prop_assert!(!naive.ends_with('Z'));
    }

    #[test]
    fn no_text_makes_a_time_panic(text in ".{0,40}", number in any::<f64>()) {
        let _ = time::read(&json!(text));
        let _ = time::read(&json!(number));
    }
}

proptest! {
    // Each case is a server of its own.
    #![proptest_config(ProptestConfig::with_cases((ProptestConfig::default().cases / 8).max(8)))]

    #[test]
    fn paging_loses_and_repeats_nothing(sizes in prop::collection::vec(0..7_usize, 1..8), odd in any::<u8>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (pages, expected) = listing(&sizes, odd);
            let server = MockServer::start().await;
            Mock::given(matchers::any()).respond_with(move |call: &Request| at_cursor(call, &pages)).mount(&server).await;
            let client = wire::client(&server.uri());
            let rows: Vec<_> = client.jobs().stream("c", "r", JobsQuery::default()).try_collect().await.expect("all pages");
            let ids: Vec<String> = rows.into_iter().map(|row| match row {
                Ok(job) => job.job_public_id,
                Err(odd) => odd.json,
            }).collect();
            assert_eq!(ids, expected);
            assert_eq!(wire::calls(&server).await, sizes.len(), "each page once");
        });
    }

    #[test]
    fn a_refusal_of_a_result_never_panics(status in 400..600_u16, body in damaged_json()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
            let server = wire::answering(answer).await;
            let failure = wire::client(&server.uri()).jobs().result("c", "r", "j").await;
            let failure = failure.expect_err("an error status");
            if let ResultError::Missing(_) = &failure {
                assert_eq!(status, 404);
            }
            assert!(!failure.to_string().is_empty());
        });
    }
}

/// Pages of these sizes, some rows unreadable, and what should come of them.
fn listing(sizes: &[usize], odd: u8) -> (Vec<Value>, Vec<String>) {
    let mut expected = Vec::new();
    let pages = sizes.iter().enumerate().map(|(page, size)| {
        let rows: Vec<Value> = (0..*size)
            .map(|row| {
                let number = expected.len();
                if odd > 0 && number % usize::from(odd) == 3 {
                    expected.push(number.to_string());
                    return json!(number);
                }
                expected.push(format!("{page}/{row}"));
                json!({"job_public_id": format!("{page}/{row}"), "status": "completed"})
            })
            .collect();
        let is_last = page + 1 == sizes.len();
        let next = (!is_last).then(|| format!("c/{}", page + 1));
        json!({"items": rows, "cursor_next": next, "has_more": !is_last})
    });
    (pages.collect(), expected)
}

fn at_cursor(call: &Request, pages: &[Value]) -> ResponseTemplate {
    let mut query = call.url.query_pairs();
    let cursor = query.find(|(name, _)| name == "cursor");
    let page = cursor.map_or(0, |(_, cursor)| {
        let number = cursor
            .strip_prefix("c/")
            .expect("a cursor that was given out");
        number.parse().expect("a number")
    });
    wire::json(&pages[page].to_string())
}
