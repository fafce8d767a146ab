//! Countries of an account, and proxies of one's own for this computer.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use scrapingpros_core::ErrorCode;
use scrapingpros_core::accounts::KeepKey;
use scrapingpros_core::proxies::{CountriesView, CountryForm, CountryState, OwnProxyForm};
use scrapingpros_core::results::Verdict;
use scrapingpros_core::scrape::ScrapeForm;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::Bench;

const PASSWORD: &str = "canary p@ss:word";

async fn countries(bench: &Bench, approved: Value, pending: Value) {
    for (at, body) in [
        ("/v1/proxy/countries", json!(["AR", "de", "US", "Narnia"])),
        (
            "/v1/proxy/status",
            json!({"client_id": "c", "approved_countries": approved, "pending_countries": pending}),
        ),
    ] {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&bench.service)
            .await;
    }
}

fn states(view: &CountriesView) -> Vec<(&str, CountryState)> {
    let countries = view.countries.iter();
    countries.map(|it| (it.code.as_str(), it.state)).collect()
}

#[tokio::test]
async fn countries_are_told_by_state_and_an_approval_is_noticed_after_a_restart() {
    use CountryState::{Approved, Available, Pending};
    let mut bench = Bench::with_account().await;
    countries(&bench, json!(["US"]), json!(["MX", "US"])).await;
    let view = bench.core.proxies.list().await.unwrap();
    assert!(view.problem.is_none() && view.checked_at > 0, "{view:?}");
    assert_eq!(
        states(&view),
        [
            ("AR", Available),
            ("DE", Available),
            ("MX", Pending),
            ("US", Approved)
        ],
        "approved beats pending, and what is no code is left out"
    );

    bench.restart().await;
    bench.service.reset().await;
    countries(&bench, json!(["US", "MX"]), json!([])).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    bench
        .core
        .proxies
        .on_approved(Arc::new(move |it| tell.lock().unwrap().push(it.code)));
    bench.core.proxies.look_around().await;
    assert_eq!(*told.lock().unwrap(), ["MX"]);
    bench.core.proxies.look_around().await;
    assert_eq!(told.lock().unwrap().len(), 1, "told once");

    bench.service.reset().await;
    let view = bench.core.proxies.list().await.unwrap();
    assert!(view.problem.is_some(), "the service has no such page now");
    assert_eq!(view.countries.len(), 4, "what was known is shown");
}

#[tokio::test]
async fn a_country_is_asked_for_once_with_its_reason() {
    let bench = Bench::with_account().await;
    countries(&bench, json!([]), json!([])).await;
    Mock::given(method("POST"))
        .and(path("/v1/proxy/request-country"))
        .and(body_json(
            json!({"country_code": "CL", "reason": "Local prices"}),
        ))
        .respond_with(ResponseTemplate::new(200).set_body_json(
            json!({"status": "pending", "country_code": "CL", "message": "Request registered."}),
        ))
        .expect(1)
        .mount(&bench.service)
        .await;
    let form = CountryForm {
        code: "cl".into(),
        reason: " Local prices ".into(),
    };
    let asked = bench.core.proxies.request(form).await.unwrap();
    assert_eq!(
        (asked.state, asked.message.as_str()),
        (CountryState::Pending, "Request registered.")
    );
    assert!(states(&asked.view).contains(&("CL", CountryState::Pending)));

    for (code, reason, field) in [
        ("ZZ", String::new(), "code"),
        ("CL", "x".repeat(1_001), "reason"),
    ] {
        let form = CountryForm {
            code: code.into(),
            reason,
        };
        let error = bench.core.proxies.request(form).await.unwrap_err();
        assert_eq!(error.problems[0].field, field);
    }
}

/// A proxy on this computer that wants a password and counts the tunnels it opens.
struct Relay {
    addr: SocketAddr,
    opened: Arc<AtomicUsize>,
}

impl Relay {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let opened = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&opened);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tunnel(stream, Arc::clone(&count)));
            }
        });
        Self { addr, opened }
    }

    fn form(&self, password: &str) -> OwnProxyForm {
        OwnProxyForm {
            country: "DE".into(),
            address: self.addr.to_string(),
            user: "me".into(),
            password: password.into(),
            keep: KeepKey::Keychain,
        }
    }
}

async fn tunnel(stream: TcpStream, opened: Arc<AtomicUsize>) {
    use base64::Engine as _;
    let login = base64::engine::general_purpose::STANDARD.encode(format!("me:{PASSWORD}"));
    let mut near = BufReader::new(stream);
    let (mut target, mut known) = (String::new(), false);
    loop {
        let mut line = String::new();
        if near.read_line(&mut line).await.unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(rest) = line.strip_prefix("CONNECT ") {
            target = rest.split(' ').next().unwrap_or_default().to_owned();
        }
        known |= line.to_lowercase().starts_with("proxy-authorization:") && line.contains(&login);
    }
    if !known {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
        near.write_all(refusal).await.ok();
        return;
    }
    let Ok(mut far) = TcpStream::connect(&target).await else {
        return;
    };
    opened.fetch_add(1, Ordering::SeqCst);
    near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok();
    tokio::io::copy_bidirectional(&mut near, &mut far)
        .await
        .ok();
}

/// Working on this computer, which may open the scripted service as if it were a site.
async fn here() -> Bench {
    let bench = Bench::new().await;
    bench.core.accounts.select("local".into()).await.unwrap();
    let mut settings = bench.core.settings.read();
    settings.allowed_hosts = vec![bench.service.address().to_string()];
    bench.core.settings.update(settings).await.unwrap();
    let page = "<h1>Willkommen</h1><p>A page that only visitors from there can see.</p>";
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(page, "text/html"))
        .mount(&bench.service)
        .await;
    bench
}

fn from_germany(bench: &Bench) -> ScrapeForm {
    ScrapeForm {
        address: bench.service.uri(),
        location: "DE".into(),
        ..ScrapeForm::default()
    }
}

#[tokio::test]
async fn a_proxy_of_ones_own_makes_a_country_usable_and_its_password_stays_in_the_keychain() {
    let mut bench = here().await;
    let relay = Relay::start().await;
    let refused = bench.scrape(from_germany(&bench)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::CountryNotApproved, "{refused:?}");
    assert!(refused.message.contains("Germany"), "{}", refused.message);

    let view = bench
        .core
        .proxies
        .save_own(relay.form(PASSWORD))
        .await
        .unwrap();
    assert!(states(&view).contains(&("DE", CountryState::Approved)));
    let own = &view.own[0];
    assert_eq!(
        (
            own.country.as_str(),
            own.address.as_str(),
            own.user.as_str()
        ),
        ("DE", format!("http://{}", relay.addr).as_str(), "me")
    );
    assert!(own.has_password && own.in_keychain && !own.password_missing);
    let result = bench.scrape(from_germany(&bench)).await.unwrap();
    assert_eq!(result.verdict, Verdict::Success, "{result:?}");
    assert_eq!(relay.opened.load(Ordering::SeqCst), 1, "through the proxy");

    bench.restart().await;
    let result = bench.scrape(from_germany(&bench)).await.unwrap();
    assert_eq!(
        result.verdict,
        Verdict::Success,
        "after a restart: {result:?}"
    );
    let mut files = Vec::new();
    read_all(bench.folder.path(), &mut files);
    let canary = PASSWORD.as_bytes();
    assert!(
        !files
            .iter()
            .any(|file| file.windows(canary.len()).any(|at| at == canary)),
        "the password is in no file"
    );

    let view = bench.core.proxies.remove_own("DE".into()).await.unwrap();
    assert!(view.own.is_empty());
    let gone = bench.scrape(from_germany(&bench)).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::CountryNotApproved);
    bench.core.proxies.restore_own().await.unwrap();
    let result = bench.scrape(from_germany(&bench)).await.unwrap();
    assert_eq!(result.verdict, Verdict::Success, "brought back: {result:?}");
    assert!(bench.core.proxies.restore_own().await.is_err(), "once");
    bench.core.close().await;
}

fn read_all(folder: &std::path::Path, files: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            read_all(&entry.path(), files);
        } else if let Ok(content) = std::fs::read(entry.path()) {
            files.push(content);
        }
    }
}

#[tokio::test]
async fn a_proxy_is_tried_before_it_is_kept() {
    let bench = here().await;
    let relay = Relay::start().await;
    let page = bench.service.uri();
    let tried = async |form| {
        bench
            .core
            .proxies
            .try_own(form, page.clone())
            .await
            .unwrap()
    };
    let works = tried(relay.form(PASSWORD)).await;
    assert!(works.works && works.details.is_empty(), "{works:?}");
    let wrong = tried(relay.form("another")).await;
    assert_eq!(
        (wrong.works, wrong.sentence.as_str()),
        (false, "The proxy wants another user name or password.")
    );
    let absent = OwnProxyForm {
        address: "127.0.0.1:1".into(),
        ..relay.form("")
    };
    let absent = tried(absent).await;
    assert!(
        !absent.works && absent.sentence.contains("reached"),
        "{absent:?}"
    );
    assert!(bench.core.proxies.list().await.unwrap().own.is_empty());

    // The kept password goes along when none is typed, but to no other address.
    bench
        .core
        .proxies
        .save_own(relay.form(PASSWORD))
        .await
        .unwrap();
    assert!(tried(relay.form("")).await.works);
    let elsewhere = Relay::start().await;
    assert!(!tried(elsewhere.form("")).await.works, "not sent elsewhere");
    bench.core.close().await;
}

#[tokio::test]
async fn a_keychain_that_fails_keeps_no_proxy_and_the_session_can() {
    let mut bench = here().await;
    let relay = Relay::start().await;
    bench
        .keychain
        .fail_with(|| keyring::Error::NoStorageAccess("SS error: prompt dismissed".into()));
    let error = bench
        .core
        .proxies
        .save_own(relay.form(PASSWORD))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::KeychainLocked);
    assert!(bench.core.proxies.list().await.unwrap().own.is_empty());
    let form = OwnProxyForm {
        keep: KeepKey::Session,
        ..relay.form(PASSWORD)
    };
    let view = bench.core.proxies.save_own(form).await.unwrap();
    assert!(!view.own[0].in_keychain && !view.own[0].password_missing);
    let result = bench.scrape(from_germany(&bench)).await.unwrap();
    assert_eq!(result.verdict, Verdict::Success, "{result:?}");
    bench.restart().await;
    let view = bench.core.proxies.list().await.unwrap();
    assert!(view.own[0].password_missing, "it was for the session alone");
    bench.core.close().await;
}
