//! The jobs listing: contract §5.2.

use std::time::Duration;

use futures::{FutureExt, StreamExt, TryStreamExt};
use scrapingpros::types::{JobStatus, JobsPage};
use scrapingpros::{Direction, Error, JobsOrder, JobsQuery};
use serde_json::{Value, json};
use wiremock::matchers::{query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::lines;
use crate::wire::{answering, calls, client, error, json as ok};

const JOBS: &str = "/v1/async/collections/c1/runs/r1/jobs";

fn page(ids: &[&str], next: Option<&str>) -> Value {
    let rows: Vec<Value> = ids
        .iter()
        .map(|id| json!({"job_public_id": id, "status": "completed"}))
        .collect();
    json!({"items": rows, "cursor_next": next, "has_more": next.is_some()})
}

/// Answers a cursor (none for the first page) with a page.
async fn serve(server: &MockServer, cursor: Option<&str>, answer: ResponseTemplate) {
    let mock = match cursor {
        None => Mock::given(query_param_is_missing("cursor")),
        Some(cursor) => Mock::given(query_param("cursor", cursor)),
    };
    mock.respond_with(answer).mount(server).await;
}

async fn serve_page(server: &MockServer, cursor: Option<&str>, page: Value) {
    serve(server, cursor, ok(&page.to_string())).await;
}

#[tokio::test]
async fn every_filter_and_order_is_sent() {
    let server = answering(ok(include_str!("../fixtures/jobs_page.json"))).await;
    let client = client(&server.uri());
    let jobs = client.jobs();
    let page = jobs.list("c1", "r1", &JobsQuery::default()).await;
    let page = page.expect("a page").value;
    let job = page.rows[0].as_ref().expect("a row");
    assert_eq!(job.job_public_id, "a1f0c3d2-3333-4b62-9d0e-0c6d0a1b2c3d");
    let completed = job.completed_at.expect("a time");
    assert_eq!(
        completed.to_string(),
        "2026-05-03T12:00:05.1Z",
        "naive is UTC"
    );
    let result = job.inline_result().expect("a whole result");
    assert_eq!(result.html.as_deref(), Some("<h1>Blue kettle</h1>"));
    assert_eq!(result.custom_id.as_deref(), Some("sku-42"), "from the row");
    assert_eq!(page.next(), None);

    let since = "2026-04-24T12:00:05.1Z".parse().expect("a time");
    let drain = JobsQuery::finished_with_results(Some(since));
    jobs.list("c1", "r1", &drain).await.expect("a page");
    let newest = JobsQuery {
        limit: Some(1000),
        cursor: Some("a+b/c=".into()),
        statuses: vec![JobStatus::Processing],
        order_by: Some(JobsOrder::Id),
        direction: Some(Direction::Descending),
        ..JobsQuery::default()
    };
    jobs.list("c1", "r1", &newest).await.expect("a page");
    assert_eq!(
        lines(&server).await,
        [
            format!("GET {JOBS}?status_filter=processing%2Ccompleted%2Cfailed%2Ctimeout"),
            format!(
                "GET {JOBS}?limit=100&status_filter=completed%2Cfailed%2Ctimeout&order_by=completed_at\
                 &order_dir=asc&since_completed_at=2026-04-24T12%3A00%3A05.1Z&include_results=true"
            ),
            format!(
                "GET {JOBS}?limit=1000&cursor=a%2Bb%2Fc%3D&status_filter=processing&order_by=id&order_dir=desc"
            ),
        ]
    );
}

#[tokio::test]
async fn what_the_service_refuses_comes_with_its_words() {
    let words = "cursor was generated with order_by=id, received order_by=completed_at; start a new pagination";
    let server = answering(error(400, &json!({"detail": words}).to_string())).await;
    let client = client(&server.uri());
    let failure = client.jobs().list("c1", "r1", &JobsQuery::default()).await;
    let failure = failure.expect_err("400");
    assert!(matches!(failure, Error::Invalid(_)), "{failure:?}");
    assert_eq!(failure.refusal().expect("words").text, words);
    let mut pages = client.jobs().pages("c1", "r1", JobsQuery::default());
    assert!(matches!(pages.next().await, Some(Err(Error::Invalid(_)))));
    assert!(pages.next().await.is_none(), "an error is the end");
}

#[tokio::test]
async fn all_rows_come_in_order_and_the_page_after_is_fetched_ahead() {
    let server = MockServer::start().await;
    serve_page(&server, None, page(&["a", "b"], Some("2"))).await;
    serve_page(&server, Some("2"), page(&[], Some("3"))).await;
    serve_page(&server, Some("3"), page(&["c"], Some("4"))).await;
    serve_page(&server, Some("4"), page(&["d"], None)).await;
    let client = client(&server.uri());
    let rows = client.jobs().stream("c1", "r1", JobsQuery::default());
    assert_eq!(
        calls(&server).await,
        0,
        "nothing is fetched before it is wanted"
    );
    let rows: Vec<_> = rows.try_collect().await.expect("no page failed");
    let ids: Vec<String> = rows
        .into_iter()
        .map(|row| row.expect("readable").job_public_id)
        .collect();
    assert_eq!(ids, ["a", "b", "c", "d"], "an empty page is not the end");
    assert_eq!(calls(&server).await, 4);
}

#[tokio::test]
async fn one_page_at_most_is_fetched_ahead_and_a_dropped_stream_fetches_no_more() {
    let server = MockServer::start().await;
    serve_page(&server, None, page(&["a"], Some("2"))).await;
    serve_page(&server, Some("2"), page(&["b"], Some("3"))).await;
    serve_page(&server, Some("3"), page(&["c"], Some("4"))).await;
    serve_page(&server, Some("4"), page(&["d"], None)).await;
    let client = client(&server.uri());
    let mut pages = client.jobs().pages("c1", "r1", JobsQuery::default());
    pages.next().await.expect("a page").expect("the first");
    while calls(&server).await < 2 {
        tokio::task::yield_now().await;
    }
    // All that runs by itself has had its turn many times over.
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        calls(&server).await,
        2,
        "the second is here, the third not asked for"
    );
    drop(pages);
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(calls(&server).await, 2);
}

#[tokio::test]
async fn a_stream_goes_on_from_where_another_ended() {
    let server = MockServer::start().await;
    serve_page(&server, None, page(&["a"], Some("2"))).await;
    serve(
        &server,
        Some("2"),
        ok("{\"items\": [").set_delay(Duration::from_millis(1)),
    )
    .await;
    let client = client(&server.uri());
    let mut pages = client.jobs().pages("c1", "r1", JobsQuery::default());
    let first = pages.next().await.expect("a page").expect("readable").value;
    let failure = pages
        .next()
        .await
        .expect("a second")
        .expect_err("cut short");
    assert!(matches!(failure, Error::Parse(_)), "{failure:?}");
    assert!(pages.next().await.is_none());

    let healed = MockServer::start().await;
    serve_page(&healed, Some("2"), page(&["b"], None)).await;
    let client = self::client(&healed.uri());
    let rest = JobsQuery {
        cursor: first.next().map(str::to_owned),
        ..JobsQuery::default()
    };
    let rows: Vec<_> = client
        .jobs()
        .stream("c1", "r1", rest)
        .try_collect()
        .await
        .expect("the rest");
    assert_eq!(rows[0].as_ref().expect("readable").job_public_id, "b");
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_not_read_for_ever() {
    let server = answering(ok(&page(&["a"], Some("2")).to_string())).await;
    let client = client(&server.uri());
    let pages: Vec<_> = client
        .jobs()
        .pages("c1", "r1", JobsQuery::default())
        .collect()
        .await;
    assert_eq!(pages.len(), 2, "the first page, then the error");
    let Some(Err(Error::Parse(failure))) = pages.last() else {
        panic!("a parse failure");
    };
    assert_eq!(failure.path, "cursor_next");
}

#[tokio::test]
async fn a_page_is_fetched_again_when_the_service_stumbles() {
    let server = MockServer::start().await;
    Mock::given(query_param_is_missing("cursor"))
        .respond_with(error(503, ""))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    serve_page(&server, None, page(&["a"], None)).await;
    let client = client(&server.uri());
    let rows: Vec<_> = client
        .jobs()
        .stream("c1", "r1", JobsQuery::default())
        .try_collect()
        .await
        .expect("the third answer");
    assert_eq!((rows.len(), calls(&server).await), (1, 3));
}

#[tokio::test]
async fn an_id_that_is_none_is_an_error_of_the_stream() {
    let server = answering(ok("{}")).await;
    let client = client(&server.uri());
    let mut pages = client.jobs().pages("c1", "..", JobsQuery::default());
    assert!(matches!(
        pages.next().await,
        Some(Err(Error::Unsendable(_)))
    ));
    assert!(pages.next().await.is_none());
    assert_eq!(calls(&server).await, 0);
}

#[test]
fn a_result_is_a_part_of_its_pages_bytes() {
    let text = r#"{"items": [{"job_public_id": "a", "result": {"statusCode": 200, "html": "x"}}]}"#;
    let page = JobsPage::from_json(text).expect("a page");
    let result = page.rows[0].as_ref().expect("a row").result.clone();
    let result = result.expect("a result");
    let start = result.json().as_ptr() as usize - text.as_ptr() as usize;
    assert_eq!(
        &text[start..start + result.json().len()],
        r#"{"statusCode": 200, "html": "x"}"#
    );
    let copy = result.detached();
    assert_eq!(copy, result);
    assert_ne!(
        copy.json().as_ptr(),
        result.json().as_ptr(),
        "holds no page"
    );
}

/// The stream can be handed to another task: it borrows nothing.
#[tokio::test]
async fn a_stream_outlives_its_client() {
    let server = answering(ok(&page(&["a"], None).to_string())).await;
    let stream = client(&server.uri())
        .jobs()
        .stream("c1", "r1", JobsQuery::default());
    let rows = tokio::spawn(stream.count()).await.expect("no panic");
    assert_eq!(rows, 1);
    let idle = client(&server.uri());
    let mut pages = idle.jobs().pages("c1", "r1", JobsQuery::default());
    assert!(
        pages.next().now_or_never().is_none(),
        "the first is on its way"
    );
}
