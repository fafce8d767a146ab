//! The preview scheme: hostile pages come out with nothing that acts, and only results are answered.

use scrapingpros_core::ErrorCode;
use scrapingpros_core::results::clean_page::clean_page;
use serde_json::json;

use crate::{Bench, PAGE, base64, file_outcome, outcome, outcome_with, png};

const HOSTILE: [&str; 40] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<script>unclosed",
    "<script/x>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img src=x OnErRoR = 'alert(1)'>",
    "<img/src='x'/onerror=alert(1)>",
    "<body onload=alert(1) background=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' java&#x0A;script:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='\u{1}javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:image/svg+xml;base64,PHN2Zz4='>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='tauri://localhost/'>x</a>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><a><animate attributeName=href values=javascript:alert(1) /></a></svg>",
    "<svg><set attributeName=onmouseover to=alert(1)></svg>",
    "<math><maction actiontype=statusline xlink:href='javascript:alert(1)'>x</maction></math>",
    "<iframe src=http://evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<object data=javascript:alert(1)><embed src=x></object>",
    "<embed src=http://evil.example/x.swf>",
    "<applet code=x></applet>",
    "<portal src=http://evil.example></portal>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<meta HTTP-EQUIV='Content-Security-Policy' content='default-src *'>",
    "<base href=http://evil.example/><base target=_top>",
    "<form action=javascript:alert(1) ping=x><button formaction=javascript:alert(1) autofocus>x</button></form>",
    "<link rel=preload href=http://evil.example as=script><link rel='dns-prefetch' href=//evil.example><link rel='stylesheet prefetch' href=x>",
    "<noscript><iframe src=http://evil.example></iframe><meta http-equiv=refresh content=0></noscript>",
    "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
    "<details ontoggle=alert(1) open><video autoplay oncanplay=alert(1)><source onerror=alert(1)></video></details>",
];

/// Everything that acts, looked for in a real tree rather than in the text.
fn acting(html: &str) -> Vec<String> {
    let tree = scraper::Html::parse_document(html);
    let mut found = Vec::new();
    for node in tree.tree.nodes() {
        let Some(element) = node.value().as_element() else {
            continue;
        };
        let name = element.name().to_ascii_lowercase();
        let gone = [
            "script", "noscript", "iframe", "frame", "frameset", "object", "embed", "applet",
            "portal", "animate", "set",
        ];
        if gone.contains(&name.as_str()) {
            found.push(format!("<{name}>"));
        }
        if name == "base" && element.attr("href") != Some("https://a.example/p") {
            found.push("a foreign base".into());
        }
        for (attribute, value) in element.attrs() {
            let value: String = value
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_control())
                .collect::<String>()
                .to_lowercase();
            let is_link = attribute == "href" && ["a", "area"].contains(&name.as_str());
            let acts = attribute.starts_with("on")
                || [
                    "action",
                    "formaction",
                    "ping",
                    "autofocus",
                    "autoplay",
                    "srcdoc",
                    "http-equiv",
                ]
                .contains(&attribute)
                || value.starts_with("javascript:")
                || value.starts_with("vbscript:")
                || value.starts_with("data:text")
                || (name == "link" && attribute == "rel" && value != "stylesheet")
                || (is_link
                    && ["file:", "tauri:", "data:"]
                        .iter()
                        .any(|scheme| value.starts_with(scheme)));
            if acts {
                found.push(format!("<{name} {attribute}={value}>"));
            }
        }
    }
    found
}

#[test]
fn nothing_in_a_hostile_page_acts_after_cleaning() {
    for snippet in HOSTILE {
        for page in [
            snippet.to_owned(),
            format!("<!doctype html><html><head>{snippet}</head><body>a{snippet}b</body></html>"),
            format!("<table><tr><td>{snippet}<select>{snippet}"),
        ] {
            let clean =
                String::from_utf8(clean_page(&page, "https://a.example/p")).expect("still text");
            assert_eq!(
                acting(&clean),
                Vec::<String>::new(),
                "\n{page}\nbecame\n{clean}"
            );
        }
    }
}

#[test]
fn the_corpus_acts_before_cleaning() {
    for snippet in HOSTILE {
        let noscript_is_text = snippet.starts_with("<noscript");
        assert!(
            noscript_is_text
                || !acting(snippet).is_empty()
                || snippet.contains("xlink")
                || snippet.contains("template"),
            "the check sees nothing in {snippet}"
        );
    }
}

#[test]
fn an_ordinary_page_keeps_its_looks_and_its_links_open_outside() {
    let page = "<!doctype html><html lang=en><head><style>p{color:red}</style><link rel=stylesheet href=a.css></head>\
        <body style=\"margin:0\"><a href=\"/next?a=1&amp;b=2\" target=_self>Next</a><img src=data:image/png;base64,AA== srcset=\"a.png 2x\"><form action=/go><input name=q></form></body></html>";
    let clean = String::from_utf8(clean_page(page, "https://a.example/\"><script>")).unwrap();
    assert_eq!(
        clean,
        "<!doctype html><html lang=en><head><base href=\"https://a.example/&quot;&gt;&lt;script&gt;\" target=\"_blank\">\
        <style>p{color:red}</style><link rel=stylesheet href=a.css></head>\
        <body style=\"margin:0\"><a href=\"/next?a=1&amp;b=2\">Next</a><img src=data:image/png;base64,AA== srcset=\"a.png 2x\"><form><input name=q inert=\"\"></form></body></html>"
    );
}

#[test]
fn a_page_that_no_parser_is_sure_about_comes_as_its_source() {
    let doubtful = "<select><xmp><script>\"use strict\";</script></select>";
    let clean = String::from_utf8(clean_page(doubtful, "https://a.example/p")).unwrap();
    assert_eq!(acting(&clean), Vec::<String>::new(), "{clean}");
}

#[tokio::test]
async fn every_answer_carries_a_policy_that_forbids_scripts() {
    let bench = Bench::new().await;
    let id = bench
        .library
        .keep(outcome_with(json!({ "screenshot": base64(&png(50, 50)) })))
        .await
        .unwrap()
        .id;
    for part in ["page", "markdown", "screenshot", "thumbnail"] {
        let body = bench
            .library
            .preview(&format!("/{id}/{part}?v=2"))
            .await
            .expect(part);
        assert!(
            body.policy
                .starts_with("sandbox allow-popups; default-src 'none'"),
            "{part}: {}",
            body.policy
        );
        assert!(
            !body.policy.contains("script") && !body.policy.contains("http: https:; f"),
            "{part}: {}",
            body.policy
        );
    }
    let page = bench.library.preview(&format!("/{id}/page")).await.unwrap();
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(
        html.contains("<base href=\"https://www.nordlys.example/tents/\" target=\"_blank\">"),
        "links start from where the page ended: {html}"
    );
    assert_eq!(page.content_type, "text/html; charset=utf-8");

    bench
        .library
        .allow_external(id.clone(), true)
        .await
        .unwrap();
    let open = bench
        .library
        .preview(&format!("/{id}/page"))
        .await
        .unwrap()
        .policy;
    assert!(
        open.contains("img-src data: http: https:")
            && open.contains("default-src 'none'")
            && !open.contains("script"),
        "{open}"
    );
    bench
        .library
        .allow_external(id.clone(), false)
        .await
        .unwrap();
    let closed = bench
        .library
        .preview(&format!("/{id}/page"))
        .await
        .unwrap()
        .policy;
    assert!(closed.contains("img-src data:; "), "{closed}");
}

#[tokio::test]
async fn markdown_shows_html_as_text() {
    let bench = Bench::new().await;
    let hostile = "# Hi\n\n<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://a.example/y.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |";
    let id = bench
        .library
        .keep(outcome_with(
            json!({ "html": null, "markdown": hostile, "url": "https://a.example/p" }),
        ))
        .await
        .unwrap()
        .id;
    let body = bench
        .library
        .preview(&format!("/{id}/markdown"))
        .await
        .unwrap();
    let html = String::from_utf8(body.bytes).unwrap();
    assert_eq!(acting(&html), Vec::<String>::new(), "{html}");
    assert!(
        html.contains("&lt;script&gt;")
            && html.contains("<td>1</td>")
            && html.contains("prefers-color-scheme: dark"),
        "{html}"
    );
}

#[tokio::test]
async fn files_are_pictures_or_plain_downloads() {
    let bench = Bench::new().await;
    let picture = png(40, 20);
    for (bytes, said, kind) in [
        (picture.as_slice(), "text/html", "image/png"),
        (b"%PDF-1.4\n", "application/pdf", "application/octet-stream"),
        (
            b"<html><script>alert(1)</script>",
            "text/html",
            "application/octet-stream",
        ),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "image/svg+xml",
            "application/octet-stream",
        ),
    ] {
        let id = bench
            .library
            .keep(file_outcome(bytes, said, "https://a.example/f"))
            .await
            .unwrap()
            .id;
        let body = bench.library.preview(&format!("/{id}/file")).await.unwrap();
        assert_eq!(
            (body.content_type.as_str(), body.bytes.as_slice()),
            (kind, bytes),
            "{said}"
        );
    }
}

#[tokio::test]
async fn only_parts_of_results_are_answered() {
    let bench = Bench::new().await;
    let id = bench.library.keep(outcome(PAGE)).await.unwrap().id;
    let upper = id.to_uppercase();
    for path in [
        "",
        "/",
        "page",
        "//page",
        "/../library.db",
        "/../../etc/passwd",
        "/%2e%2e/library.db",
        "/x/page",
        &format!("/{id}"),
        &format!("/{id}/"),
        &format!("/{id}/nothing"),
        &format!("/{id}/screenshot"),
        &format!("/{id}/page/.."),
        &format!("/{id}/../page"),
        &format!("/{upper}/page"),
        &format!("/{{{id}}}/page"),
        "/6f1b9d7e-0000-4000-8000-000000000000/page",
    ] {
        let error = bench.library.preview(path).await.expect_err(path);
        assert_eq!(error.code, ErrorCode::NotFound, "{path}");
    }
}
