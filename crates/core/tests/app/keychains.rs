//! The four failures of a keychain, and the way out of each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keyring::Error as StoreError;
use keyring::api::CredentialStore;
use scrapingpros::ApiKey;
use scrapingpros_core::accounts::{AccountForm, KeepKey, KeyState};
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::{AppError, ErrorCode};

use crate::{Bench, FaultyStore, KEY};

/// What each failure looks like on a real system.
fn faults() -> [(fn() -> StoreError, ErrorCode); 6] {
    [
        (
            || StoreError::NoStorageAccess("SS error: result not returned from SS API".into()),
            ErrorCode::KeychainNoCollection,
        ),
        (
            || StoreError::NoStorageAccess("SS error: prompt dismissed".into()),
            ErrorCode::KeychainLocked,
        ),
        (
            || StoreError::PlatformFailure("zbus error: Failed to connect to address".into()),
            ErrorCode::KeychainMissing,
        ),
        (
            || StoreError::PlatformFailure("org.freedesktop.DBus.Error.ServiceUnknown".into()),
            ErrorCode::KeychainMissing,
        ),
        (|| StoreError::NoDefaultStore, ErrorCode::KeychainMissing),
        (
            || StoreError::PlatformFailure("the disk is on fire".into()),
            ErrorCode::KeychainOther,
        ),
    ]
}

#[tokio::test]
async fn a_keychain_that_fails_leaves_nothing_half_made_and_a_way_out() {
    for (fault, code) in faults() {
        let bench = Bench::new().await;
        bench.bill().await;
        bench.keychain.fail_with(fault);
        let error = bench.core.accounts.add(bench.form(KEY)).await.unwrap_err();
        assert_eq!(error.code, code, "{:?}", fault());
        assert!(
            error.message.contains("until you quit"),
            "the way out is said aloud: {}",
            error.message
        );
        let accounts = bench.core.accounts.list().await.unwrap();
        assert_eq!(accounts.len(), 1, "no account without its key: {code:?}");

        let accounts = bench
            .core
            .accounts
            .add(AccountForm {
                keep: KeepKey::Session,
                ..bench.form(KEY)
            })
            .await
            .unwrap();
        assert_eq!(accounts[1].key_state, KeyState::Session, "{code:?}");
        assert!(accounts[1].active, "the way out leads into the app");
    }
}

#[tokio::test]
async fn a_locked_keychain_is_a_problem_of_the_account_until_it_is_unlocked() {
    let mut bench = Bench::with_account().await;
    bench.restart().await;
    bench
        .keychain
        .fail_with(|| StoreError::NoStorageAccess("SS error: prompt dismissed".into()));
    assert_eq!(
        bench.account("Acme").await.key_state,
        KeyState::Stored,
        "the list does not wait for the keychain"
    );
    let id = bench.account("Acme").await.id;
    bench.core.accounts.test(id.clone()).await.unwrap();
    assert_eq!(
        bench.account("Acme").await.problem,
        Some(ErrorCode::KeychainLocked),
        "locked is not signed out"
    );

    bench.keychain.work_again();
    bench.core.accounts.test(id).await.unwrap();
    assert_eq!(bench.account("Acme").await.problem, None, "unlocked again");
}

#[tokio::test]
async fn a_keychain_service_that_comes_up_later_is_used() {
    let up = Arc::new(AtomicBool::new(false));
    let store: Arc<CredentialStore> = FaultyStore::new();
    let is_up = Arc::clone(&up);
    let keychain = Keychain::with_opener(move || {
        if is_up.load(Ordering::SeqCst) {
            Ok(Arc::clone(&store))
        } else {
            Err(StoreError::PlatformFailure("zbus error: no bus".into()))
        }
    });
    let key = ApiKey::parse(KEY).unwrap();
    let error = AppError::from(keychain.put("a", &key).await.unwrap_err());
    assert_eq!(error.code, ErrorCode::KeychainMissing, "no service yet");

    up.store(true, Ordering::SeqCst);
    keychain.put("a", &key).await.unwrap();
    let found = keychain.get("a").await.unwrap().unwrap();
    assert_eq!(found.expose(), KEY, "opened anew after the failure");
    keychain.remove("a").await.unwrap();
    keychain.remove("a").await.unwrap();
    assert!(keychain.get("a").await.unwrap().is_none(), "removed");
}

#[tokio::test]
#[ignore = "needs a private session with a Secret Service: run by tests/tests/keychain.rs"]
async fn the_systems_own_keychain_keeps_a_key() {
    let key = ApiKey::parse(KEY).unwrap();
    let keychain = Keychain::system();
    keychain.put("test-account", &key).await.unwrap();
    let again = Keychain::system();
    let found = again.get("test-account").await.unwrap().unwrap();
    assert_eq!(found.expose(), KEY, "found by another start of the app");
    again.remove("test-account").await.unwrap();
    assert!(keychain.get("test-account").await.unwrap().is_none());
}

#[tokio::test]
#[ignore = "needs a private session without any keychain: run by tests/tests/keychain.rs"]
async fn a_system_without_a_keychain_says_so() {
    let key = ApiKey::parse(KEY).unwrap();
    let error = Keychain::system()
        .put("test-account", &key)
        .await
        .unwrap_err();
    assert_eq!(AppError::from(error).code, ErrorCode::KeychainMissing);
}

#[tokio::test]
#[ignore = "needs a private session whose keychain was never set up: run by tests/tests/keychain.rs"]
async fn a_keychain_that_was_never_set_up_says_so() {
    let key = ApiKey::parse(KEY).unwrap();
    let error = Keychain::system()
        .put("test-account", &key)
        .await
        .unwrap_err();
    assert_eq!(AppError::from(error).code, ErrorCode::KeychainNoCollection);
}
