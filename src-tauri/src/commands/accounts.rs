//! Accounts and their keys. A key only ever goes inwards.

use scrapingpros_core::Answer;
use scrapingpros_core::accounts::{AccountCheck, AccountForm, AccountView, HealthView};

use super::AppCore;

#[tauri::command]
#[specta::specta]
pub async fn accounts(core: AppCore<'_>) -> Answer<Vec<AccountView>> {
    core.accounts.list().await
}

#[tauri::command]
#[specta::specta]
pub async fn check_account(core: AppCore<'_>, form: AccountForm) -> Answer<AccountCheck> {
    core.accounts.check(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn add_account(core: AppCore<'_>, form: AccountForm) -> Answer<Vec<AccountView>> {
    core.accounts.add(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn add_demo_account(core: AppCore<'_>) -> Answer<Vec<AccountView>> {
    core.accounts.add_demo().await
}

#[tauri::command]
#[specta::specta]
pub async fn select_account(core: AppCore<'_>, id: String) -> Answer<Vec<AccountView>> {
    core.accounts.select(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn rename_account(
    core: AppCore<'_>,
    id: String,
    name: String,
) -> Answer<Vec<AccountView>> {
    core.accounts.rename(id, name).await
}

#[tauri::command]
#[specta::specta]
pub async fn replace_key(
    core: AppCore<'_>,
    id: String,
    form: AccountForm,
) -> Answer<Vec<AccountView>> {
    core.accounts.replace_key(id, form).await
}

#[tauri::command]
#[specta::specta]
pub async fn forget_account(core: AppCore<'_>, id: String) -> Answer<Vec<AccountView>> {
    core.accounts.forget(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn test_account(core: AppCore<'_>, id: String) -> Answer<Vec<AccountView>> {
    core.accounts.test(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn account_health(core: AppCore<'_>, id: String) -> Answer<HealthView> {
    core.accounts.health(id).await
}
