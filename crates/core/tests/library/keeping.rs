//! Keep, restart, read; the same body once; search; usual times.

use rusqlite::OptionalExtension as _;
use scrapingpros::types::ScrapeRequest;
use scrapingpros_core::ErrorCode;
use scrapingpros_core::results::{Part, TextQuery, Verdict};
use serde_json::json;

use crate::{ADDRESS, Bench, PAGE, base64, file_outcome, outcome, outcome_with, png};

#[tokio::test]
async fn a_result_reads_the_same_after_a_restart() {
    let bench = Bench::new().await;
    let shot = png(1280, 2683);
    let kept = bench
        .library
        .keep(outcome_with(
            json!({ "screenshot": base64(&shot), "extracted_data": {"name": ["a", "b"]} }),
        ))
        .await
        .unwrap();
    assert_eq!(
        kept.title, "Tents & more · Nordlys",
        "the title is the page's, with entities decoded"
    );
    assert_eq!(kept.site, "nordlys.example");
    assert_eq!(kept.verdict, Verdict::Success);
    assert_eq!(kept.size as usize, PAGE.len());
    let parts: Vec<Part> = kept.parts.iter().map(|part| part.part).collect();
    assert_eq!(
        parts,
        [Part::Page, Part::Markdown, Part::Screenshot, Part::Data],
        "in the order of the tabs"
    );
    let picture = &kept.parts[2];
    assert_eq!(
        (picture.width, picture.height, picture.size as usize),
        (1280, 2683, shot.len())
    );
    assert_eq!(kept.parts[3].count, 2, "rows are counted");

    let bench = bench.reopen().await;
    let again = bench.library.view(kept.id.clone()).await.unwrap();
    assert_eq!(again, kept, "a restart changes nothing");
    let body = bench
        .library
        .preview(&format!("/{}/screenshot", kept.id))
        .await
        .unwrap();
    assert_eq!(body.bytes, shot, "the picture is byte for byte what came");
    let small = bench
        .library
        .preview(&format!("/{}/thumbnail", kept.id))
        .await
        .unwrap();
    let size = image::load_from_memory(&small.bytes).unwrap();
    assert!(
        size.width() <= 400 && size.height() <= 300,
        "a thumbnail is small: {}×{}",
        size.width(),
        size.height()
    );
}

#[tokio::test]
async fn equal_bodies_are_stored_once_and_leave_with_the_last_result() {
    let bench = Bench::new().await;
    let first = bench.library.keep(outcome(PAGE)).await.unwrap();
    let second = bench.library.keep(outcome(PAGE)).await.unwrap();
    assert_eq!(bench.bodies().len(), 1, "one file for two results");
    assert_eq!(refs(&bench).await, Some(2));

    forget(&bench, &first.id).await;
    assert_eq!(refs(&bench).await, Some(1));
    let bench = bench.reopen().await;
    bench.library.swept().await;
    assert_eq!(bench.bodies().len(), 1, "the second result still needs it");

    forget(&bench, &second.id).await;
    let bench = bench.reopen().await;
    bench.library.swept().await;
    assert_eq!(
        bench.bodies(),
        Vec::<std::path::PathBuf>::new(),
        "nobody needs it any more"
    );
    assert_eq!(refs(&bench).await, None);
}

#[tokio::test]
async fn a_body_whose_row_was_never_written_is_swept_and_a_young_one_is_not() {
    let bench = Bench::new().await;
    let kept = bench.library.keep(outcome(PAGE)).await.unwrap();
    let folder = bench.folder.path().join("bodies/ab");
    std::fs::create_dir_all(&folder).unwrap();
    let orphan = folder.join("cdef");
    let unfinished = folder.join("unfinished-x1y2");
    std::fs::write(&orphan, "written, then the power failed").unwrap();
    std::fs::write(&unfinished, "half").unwrap();
    let young = folder.join("aaaa");
    std::fs::write(&young, "being written by a running scrape").unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(3_600);
    std::fs::File::options()
        .write(true)
        .open(&young)
        .unwrap()
        .set_modified(later)
        .unwrap();

    let bench = bench.reopen().await;
    bench.library.swept().await;
    assert!(!orphan.exists(), "the orphan of the crash is gone");
    assert!(!unfinished.exists(), "so is the half-written file");
    assert!(
        young.exists(),
        "what is younger than this start may be in use"
    );
    let text = TextQuery {
        result_id: kept.id,
        part: Part::Page,
        offset: 0,
        limit: 10,
    };
    assert_eq!(
        bench.library.text(text).await.unwrap().total,
        1,
        "the kept page is still there"
    );
}

#[tokio::test]
async fn search_finds_beginnings_of_words_and_takes_no_syntax() {
    let bench = Bench::new().await;
    let tents = bench.library.keep(outcome(PAGE)).await.unwrap();
    let mut older = outcome("<title>Árboles del sur</title>x");
    older.started_at -= 500;
    older.request.url = "https://bosque.example/".into();
    let trees = bench.library.keep(older).await.unwrap();
    let ids = async |find: &str| {
        let found = bench.library.recent(find.into(), 50).await.unwrap();
        found
            .into_iter()
            .map(|one| one.id)
            .collect::<Vec<String>>()
            .join(" ")
    };
    let both = format!("{} {}", tents.id, trees.id);
    assert_eq!(ids("").await, both, "newest first");
    assert_eq!(ids("ten").await, tents.id, "a beginning is enough");
    assert_eq!(ids("arbol").await, trees.id, "accents don't matter");
    assert_eq!(
        ids("nordlys.example/te").await,
        tents.id,
        "addresses are searched"
    );
    assert_eq!(ids("ten bosque").await, "", "every word must be there");
    for hostile in [
        "\"", "*", "a OR b", "NEAR(", "title:x", "-", "')--", "^a \u{0}",
    ] {
        bench
            .library
            .recent(hostile.into(), 50)
            .await
            .expect("a person's text is never syntax");
    }
    assert_eq!(
        bench.library.recent(String::new(), 1).await.unwrap().len(),
        1,
        "the limit holds"
    );
}

#[tokio::test]
async fn usual_times_are_of_this_site_and_mode() {
    let bench = Bench::new().await;
    assert_eq!(
        bench.library.usual("nordlys.example", true).await.unwrap(),
        None,
        "nothing is known yet"
    );
    for ms in (1..=10).map(|n| n * 1_000) {
        let mut one = outcome(PAGE);
        one.duration_ms = ms;
        bench.library.keep(one).await.unwrap();
    }
    let mut failed = outcome_with(
        json!({ "html": null, "guidance": {"success": false, "error_type": "timeout"} }),
    );
    failed.duration_ms = 120_000;
    bench.library.keep(failed).await.unwrap();
    let usual = bench
        .library
        .usual("www.nordlys.example", true)
        .await
        .unwrap()
        .expect("ten scrapes are known");
    assert_eq!(
        (usual.low_ms, usual.high_ms, usual.count),
        (2_000, 9_000, 10),
        "a timeout says nothing about the site"
    );
    assert_eq!(
        bench.library.usual("nordlys.example", false).await.unwrap(),
        None,
        "without a browser it is another matter"
    );
}

#[tokio::test]
async fn a_blocked_page_says_so_and_carries_its_suggestion() {
    let bench = Bench::new().await;
    let mut blocked = outcome_with(json!({
        "statusCode": 403, "html": "<html><body>Verify you are human</body></html>",
        "guidance": {
            "success": false, "error_type": "captcha", "error_provider": "cloudflare", "credits_charged": 0,
            "credits_refunded": true, "next_steps": ["Use a browser"],
            "suggested_request": {"url": ADDRESS, "browser": true, "retry_on_block": true}, "stop_reason": null
        }
    }));
    blocked.request = ScrapeRequest {
        url: ADDRESS.into(),
        ..ScrapeRequest::default()
    };
    let view = bench.library.keep(blocked).await.unwrap();
    assert_eq!(
        (view.verdict, view.headline.as_str()),
        (Verdict::Blocked, "The site showed a captcha.")
    );
    assert_eq!(
        (view.credits, view.refunded, view.status),
        (Some(0), true, 403)
    );
    let suggestion = view.suggestion.expect("there is something to try");
    assert!(
        suggestion.form.browser && suggestion.form.retry_on_block,
        "the suggestion is on the form"
    );
    assert_eq!(suggestion.cost.credits, 5, "a browser costs five");
    assert!(!suggestion.changes.is_empty());
    let summary = bench
        .library
        .recent(String::new(), 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(summary.verdict, Verdict::Blocked);
}

#[tokio::test]
async fn a_file_is_kept_as_what_its_bytes_say() {
    let bench = Bench::new().await;
    let pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n".as_slice();
    let view = bench
        .library
        .keep(file_outcome(
            pdf,
            "text/html",
            "https://a.example/files/Price%20list.pdf?x=1",
        ))
        .await
        .unwrap();
    assert_eq!(view.title, "Price list.pdf", "a file is called by its name");
    assert_eq!(
        view.parts.len(),
        1,
        "an empty page beside a file is no page"
    );
    assert_eq!(
        (view.parts[0].part, view.parts[0].content_type.as_str()),
        (Part::File, "application/pdf")
    );

    let fake = bench
        .library
        .keep(outcome_with(
            json!({ "screenshot": base64(b"GIF89a not a png at all") }),
        ))
        .await
        .unwrap();
    let kinds: Vec<_> = fake
        .parts
        .iter()
        .map(|part| (part.part, part.content_type.as_str()))
        .collect();
    assert!(
        kinds.contains(&(Part::File, "image/gif")),
        "what only claims to be a PNG is a file: {kinds:?}"
    );
    assert!(!kinds.iter().any(|(part, _)| *part == Part::Screenshot));
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let bench = Bench::new().await;
    for id in [
        "",
        "x",
        "../../etc/passwd",
        "6f1b9d7e-0000-4000-8000-000000000000",
    ] {
        let error = bench
            .library
            .view(id.into())
            .await
            .expect_err("there is no such result");
        assert_eq!(error.code, ErrorCode::NotFound, "{id}");
    }
}

async fn forget(bench: &Bench, id: &str) {
    let id = id.to_owned();
    bench
        .library
        .database()
        .call(move |connection| connection.execute("DELETE FROM results WHERE id = ?1", [id]))
        .await
        .unwrap();
}

async fn refs(bench: &Bench) -> Option<u32> {
    let one = bench.library.database().call(|connection| {
        connection
            .query_row("SELECT refs FROM bodies", [], |row| row.get(0))
            .optional()
    });
    one.await.unwrap()
}
