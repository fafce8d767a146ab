//! Countries to visit pages from, and proxies of the person's own. A password only ever goes inwards.

use scrapingpros_core::Answer;
use scrapingpros_core::proxies::{
    CountriesView, CountryAsked, CountryForm, OwnProxyForm, OwnProxyTrial,
};

use super::AppCore;

#[tauri::command]
#[specta::specta]
pub async fn countries(core: AppCore<'_>) -> Answer<CountriesView> {
    core.proxies.list().await
}

#[tauri::command]
#[specta::specta]
pub async fn request_country(core: AppCore<'_>, form: CountryForm) -> Answer<CountryAsked> {
    core.proxies.request(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_own_proxy(core: AppCore<'_>, form: OwnProxyForm) -> Answer<CountriesView> {
    core.proxies.save_own(form).await
}

/// Opens `page` through the proxy; empty: a page everybody can open.
#[tauri::command]
#[specta::specta]
pub async fn try_own_proxy(
    core: AppCore<'_>,
    form: OwnProxyForm,
    page: String,
) -> Answer<OwnProxyTrial> {
    core.proxies.try_own(form, page).await
}

#[tauri::command]
#[specta::specta]
pub async fn remove_own_proxy(core: AppCore<'_>, country: String) -> Answer<CountriesView> {
    core.proxies.remove_own(country).await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_own_proxy(core: AppCore<'_>) -> Answer<CountriesView> {
    core.proxies.restore_own().await
}
