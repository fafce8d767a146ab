//! A hostile page in the preview of the real window: nothing runs, nothing is loaded, nothing moves.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::Uri;
use axum::response::Html;
use scrapingpros_tests::{Desktop, KeychainKind, until};

/// A site that writes down what is asked of it.
struct Site {
    host: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, page) = (asked.clone(), hostile_page(&host));
        let router = Router::new().fallback(move |uri: Uri| async move {
            log.lock().unwrap().push(uri.path().to_owned());
            Html(page)
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { host, asked }
    }

    /// What was asked besides the page itself.
    fn leaks(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|path| *path != "/").cloned().collect()
    }
}

fn hostile_page(host: &str) -> String {
    let at = format!("http://{host}/leak");
    let call = "try{parent.__TAURI_INTERNALS__.invoke('forget_account',{id:'local'})}catch(e){}try{window.__TAURI_INTERNALS__.invoke('dismiss_notice',{id:'x'})}catch(e){}";
    format!(
        r#"<!doctype html><html><head><title>Hostile</title>
<meta http-equiv="refresh" content="0;url={at}/refresh">
<base href="{at}/base/"><link rel="stylesheet" href="{at}/css"><link rel="preload" as="image" href="{at}/preload">
<link rel="prefetch" href="{at}/prefetch"><link rel="preconnect" href="http://{host}"><link rel="icon" href="{at}/icon">
<style>@import "{at}/import"; body {{ background: url("{at}/background") }} @font-face {{ font-family: f; src: url("{at}/font") }} p {{ font-family: f }}</style>
<script>{call}fetch('{at}/script');top.location='{at}/top'</script><script src="{at}/script.js"></script>
</head><body onload="fetch('{at}/onload')"><p>Hostile page</p>
<img src="{at}/image" srcset="{at}/srcset 2x" onerror="{call}"><img src=x onerror="new Image().src='{at}/onerror'">
<svg onload="fetch('{at}/svg')"><image href="{at}/svg-image"/><use href="{at}/use#a"/></svg>
<iframe src="{at}/frame"></iframe><iframe srcdoc="<script>fetch('{at}/srcdoc')</script>"></iframe>
<object data="{at}/object"></object><embed src="{at}/embed"><video src="{at}/video" poster="{at}/poster" autoplay></video>
<audio src="{at}/audio" autoplay></audio><form action="{at}/form" id="f"><input autofocus onfocus="this.form.submit()"></form>
<a href="javascript:fetch('{at}/link')" ping="{at}/ping">a</a><details open ontoggle="fetch('{at}/toggle')"></details>
<math><mtext><table><mglyph><style><img src="{at}/mutation" onerror="fetch('{at}/mutation-script')"></style></mglyph></table></mtext></math>
</body></html>"#
    )
}

#[tokio::test]
async fn a_hostile_page_is_shown_without_running_or_fetching_anything() {
    let site = Site::open().await;
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    std::fs::create_dir_all(desktop.data()).unwrap();
    let settings =
        serde_json::json!({ "version": 1, "settings": { "allowed_hosts": [site.host] } });
    std::fs::write(desktop.data().join("settings.json"), settings.to_string()).unwrap();
    let app = desktop.open_app().await;
    app.press("Work on this computer").await;
    app.scrape(&format!("http://{}/", site.host)).await;
    app.sees("Scraped").await;
    let before = app.driver().current_url().await.unwrap();
    frame_loaded_again(&app).await;
    frame_loaded_again(&app).await;
    assert_eq!(
        site.leaks(),
        Vec::<String>::new(),
        "what the preview fetched"
    );
    assert_eq!(
        app.driver().current_url().await.unwrap(),
        before,
        "the window stays where it is"
    );
    app.picture("hostile").await;

    // The same preview, allowed to load: what proves that the page was there and the site listens.
    app.press("External content blocked").await;
    app.press("Load them").await;
    until("the allowed picture", async || {
        site.leaks()
            .iter()
            .any(|path| path == "/leak/image")
            .then_some(())
    })
    .await;
    let scripted: Vec<String> = site
        .leaks()
        .into_iter()
        .filter(|path| {
            [
                "script", "onload", "onerror", "svg", "srcdoc", "link", "ping", "toggle", "top",
                "refresh", "frame", "form",
            ]
            .iter()
            .any(|name| path == &format!("/leak/{name}"))
        })
        .collect();
    assert_eq!(
        scripted,
        Vec::<String>::new(),
        "no script, frame or navigation even then"
    );
    app.quit().await;
}

/// Loads the preview once more and waits until it has loaded.
async fn frame_loaded_again(app: &scrapingpros_tests::App) {
    let reload = "const done = arguments[arguments.length - 1];
        const frame = document.querySelector('iframe');
        frame.addEventListener('load', () => setTimeout(() => done(true), 300), { once: true });
        frame.src = frame.src;";
    app.driver().execute_async(reload, vec![]).await.unwrap();
}
