//! Accounts: added only when the service knows the key, remembered, replaced, forgotten.

use scrapingpros_core::ErrorCode;
use scrapingpros_core::accounts::{
    AccountForm, AccountKind, CreditsView, HealthState, KeepKey, KeyState,
};
use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::{Bench, KEY, bill};

#[tokio::test]
async fn this_computer_is_always_there_and_nothing_is_active_at_first() {
    let bench = Bench::new().await;
    let start = bench.core.start_view().await.unwrap();
    assert_eq!(start.accounts.len(), 1, "only this computer");
    let local = &start.accounts[0];
    assert_eq!(
        (local.id.as_str(), local.kind),
        ("local", AccountKind::Local)
    );
    assert_eq!(local.key_state, KeyState::NotNeeded, "no key from anyone");
    assert!(!local.active, "the window shows Welcome");
    assert_eq!(start.sample_address, "http://sample.shop/shop");

    let accounts = bench.core.accounts.select("local".into()).await.unwrap();
    assert!(accounts[0].active, "one press is enough");
}

#[tokio::test]
async fn an_account_is_checked_stored_and_found_again() {
    let mut bench = Bench::new().await;
    bench.bill().await;
    Mock::given(method("GET"))
        .and(path("/v1/plans"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"plans": [
            {"display_name": "Free", "credits_monthly": 1000},
            {"display_name": "Growth", "credits_monthly": 100_000},
        ]})))
        .mount(&bench.service)
        .await;
    let pasted = format!(" \u{a0}{KEY}\r\n");
    let check = bench
        .core
        .accounts
        .check(bench.form(&pasted))
        .await
        .unwrap();
    assert_eq!(check.plan, "Growth", "by the credits of the plan");
    assert_eq!(check.rate_per_minute, Some(60));
    assert_eq!(
        bench.core.accounts.list().await.unwrap().len(),
        1,
        "a check stores nothing"
    );

    bench.core.accounts.add(bench.form(&pasted)).await.unwrap();
    bench.restart().await;
    let account = bench.account("Acme").await;
    assert_eq!(account.key_hint, "-key", "last four characters");
    assert_eq!(account.key_state, KeyState::Stored);
    assert_eq!(account.server, bench.service.uri());
    assert!(account.active, "still the one the app works as");
    assert_eq!(
        account.credits,
        Some(CreditsView {
            left: Some(41_250),
            limit: Some(100_000)
        })
    );
    assert_eq!(
        bench.keychain.stored(&account.id).as_deref(),
        Some(KEY),
        "trimmed and in the keychain"
    );
}

#[tokio::test]
async fn a_key_for_the_session_is_missing_after_a_restart() {
    let mut bench = Bench::new().await;
    bench.bill().await;
    let form = AccountForm {
        keep: KeepKey::Session,
        ..bench.form(KEY)
    };
    bench.core.accounts.add(form).await.unwrap();
    let account = bench.account("Acme").await;
    assert_eq!(account.key_state, KeyState::Session);
    assert_eq!(bench.keychain.stored(&account.id), None, "memory only");

    bench.restart().await;
    assert_eq!(bench.account("Acme").await.key_state, KeyState::Missing);
    let error = bench.scrape(crate::page_form()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::KeyMissing, "{error:?}");

    let form = bench.form(KEY);
    bench
        .core
        .accounts
        .replace_key(account.id, form)
        .await
        .unwrap();
    assert_eq!(bench.account("Acme").await.key_state, KeyState::Stored);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_before_anything_is_sent() {
    let bench = Bench::with_account().await;
    for (name, key, server, field) in [
        ("Other", "", "", "key"),
        ("Other", " \u{200b}\n", "", "key"),
        ("Other", "two words", "", "key"),
        ("Other", "schlüssel", "", "key"),
        ("Other", KEY, "ftp://api.example.com", "server"),
        ("Other", KEY, "http://", "server"),
        ("Other", KEY, "https://ana:pw@api.example.com", "server"),
        ("acme", KEY, "", "name"),
        ("two\nlines", KEY, "", "name"),
    ] {
        let form = AccountForm {
            name: name.into(),
            key: key.into(),
            server: server.into(),
            keep: KeepKey::Keychain,
        };
        let error = bench.core.accounts.add(form).await.unwrap_err();
        let fields: Vec<&str> = error.problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, [field], "{name:?} {key:?} {server:?}: {error:?}");
    }
    let malformed = bench
        .core
        .accounts
        .check(AccountForm {
            name: String::new(),
            ..bench.form("two words")
        })
        .await
        .unwrap_err();
    assert_eq!(malformed.code, ErrorCode::KeyMalformed);
}

#[tokio::test]
async fn a_server_that_does_not_know_the_key_or_is_no_service_stores_nothing() {
    let html = ResponseTemplate::new(200).set_body_string("<html>Sign in to the café</html>");
    let unauthorized = ResponseTemplate::new(401).set_body_json(json!({"detail": "Unauthorized"}));
    for (answer, code) in [
        (unauthorized, ErrorCode::KeyRejected),
        (html, ErrorCode::NotAnApi),
        (ResponseTemplate::new(404), ErrorCode::NotAnApi),
        (
            ResponseTemplate::new(200).set_body_json(json!({"hello": "world"})),
            ErrorCode::NotAnApi,
        ),
        (
            ResponseTemplate::new(302).insert_header("location", "https://elsewhere.example/"),
            ErrorCode::NotAnApi,
        ),
    ] {
        let bench = Bench::new().await;
        Mock::given(path("/v1/sync/billing"))
            .respond_with(answer)
            .mount(&bench.service)
            .await;
        let error = bench.core.accounts.add(bench.form(KEY)).await.unwrap_err();
        assert_eq!(error.code, code, "{error:?}");
        assert_eq!(
            bench.core.accounts.list().await.unwrap().len(),
            1,
            "{code:?}"
        );
    }
    let bench = Bench::new().await;
    let nobody = AccountForm {
        server: "http://127.0.0.1:9".into(),
        ..bench.form(KEY)
    };
    let error = bench.core.accounts.add(nobody).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable, "{error:?}");
    assert!(error.message.contains("127.0.0.1:9"), "names the server");
}

#[tokio::test]
async fn names_are_given_where_none_was_typed_and_stay_unique() {
    let bench = Bench::new().await;
    bench.bill().await;
    for _ in 0..2 {
        let form = AccountForm {
            name: "  ".into(),
            ..bench.form(KEY)
        };
        bench.core.accounts.add(form).await.unwrap();
    }
    let host = bench.service.address().to_string();
    let first = bench.account(&host).await;
    let second = bench.account(&format!("{host} 2")).await;
    let accounts = &bench.core.accounts;
    let taken = accounts
        .rename(second.id.clone(), host.to_uppercase())
        .await;
    assert_eq!(taken.unwrap_err().problems[0].field, "name");
    accounts.rename(second.id, "Tests".into()).await.unwrap();
    assert!(!bench.account(&host).await.active, "the newest is active");
    assert_ne!(first.id, bench.account("Tests").await.id);
    let local = accounts.rename("local".into(), "Mine".into()).await;
    assert!(local.is_err(), "this computer keeps its name");
}

#[tokio::test]
async fn a_replaced_key_is_used_and_a_forgotten_account_leaves_nothing() {
    let bench = Bench::with_account().await;
    let id = bench.account("Acme").await.id;
    let other = "another-9c1d77ab-code";
    let accounts = &bench.core.accounts;
    let refused = accounts.replace_key(id.clone(), bench.form(other)).await;
    assert!(refused.is_err(), "the service does not know it yet");
    assert_eq!(
        bench.keychain.stored(&id).as_deref(),
        Some(KEY),
        "old one kept"
    );

    Mock::given(path("/v1/sync/billing"))
        .and(header("authorization", format!("Bearer {other}")))
        .respond_with(bill())
        .expect(2)
        .mount(&bench.service)
        .await;
    accounts
        .replace_key(id.clone(), bench.form(other))
        .await
        .unwrap();
    accounts.test(id.clone()).await.unwrap();
    assert_eq!(bench.account("Acme").await.key_hint, "code");

    let left = accounts.forget(id.clone()).await.unwrap();
    assert_eq!(left.len(), 1, "only this computer is left");
    assert!(left[0].active, "and the app works as it");
    assert_eq!(bench.keychain.stored(&id), None, "the key went too");
    let error = accounts.select(id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_key_that_is_refused_later_is_a_problem_until_it_works_again() {
    let bench = Bench::with_account().await;
    let id = bench.account("Acme").await.id;
    bench.service.reset().await;
    Mock::given(path("/v1/sync/billing"))
        .respond_with(ResponseTemplate::new(401).set_body_json(json!({"detail": "Unauthorized"})))
        .up_to_n_times(1)
        .mount(&bench.service)
        .await;
    bench.core.accounts.test(id.clone()).await.unwrap();
    assert_eq!(
        bench.account("Acme").await.problem,
        Some(ErrorCode::KeyRejected)
    );
    bench.bill().await;
    bench.core.accounts.test(id).await.unwrap();
    assert_eq!(bench.account("Acme").await.problem, None);
}

#[tokio::test]
async fn health_is_told_in_words() {
    let bench = Bench::with_account().await;
    let id = bench.account("Acme").await.id;
    for (answer, state) in [
        (
            ResponseTemplate::new(200)
                .set_body_json(json!({"status": "ok", "redis": {"status": "ok"}})),
            HealthState::Good,
        ),
        (
            ResponseTemplate::new(200).set_body_json(
                json!({"status": "ok", "job_queue": {"status": "slow"}, "redis": {"status": "ok"}}),
            ),
            HealthState::Degraded,
        ),
        (ResponseTemplate::new(503), HealthState::Down),
    ] {
        bench.service.reset().await;
        Mock::given(path("/v1/health"))
            .respond_with(answer)
            .mount(&bench.service)
            .await;
        let health = bench.core.accounts.health(id.clone()).await.unwrap();
        assert_eq!(health.state, state, "{health:?}");
        if state == HealthState::Degraded {
            assert_eq!(health.components[0].name, "Job queue", "words, not keys");
            assert_eq!(health.components[0].word, "Slow");
        }
    }
    let keyless = bench.service.received_requests().await.unwrap();
    assert!(
        keyless
            .iter()
            .all(|r| !r.headers.contains_key("authorization")),
        "health needs no key"
    );
}
