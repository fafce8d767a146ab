//! Kept results, in bounded pages. Bodies travel by the preview protocol or stay in Rust.

use scrapingpros_core::Answer;
use scrapingpros_core::library::{
    LibraryDisk, LibraryFacts, LibraryFilters, LibraryPage, LibraryQuery,
};
use scrapingpros_core::results::{
    DataPage, DataQuery, DetailsView, NetworkBody, NetworkPage, NetworkQuery, ResultSummary,
    ResultView, TextHits, TextPage, TextQuery, TextSearch,
};

use super::AppCore;

#[tauri::command]
#[specta::specta]
pub async fn result(core: AppCore<'_>, id: String) -> Answer<ResultView> {
    core.library.view(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn recent_results(
    core: AppCore<'_>,
    find: String,
    limit: u32,
) -> Answer<Vec<ResultSummary>> {
    core.library.recent(find, limit).await
}

#[tauri::command]
#[specta::specta]
pub async fn result_data(core: AppCore<'_>, query: DataQuery) -> Answer<DataPage> {
    core.library.data(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn result_text(core: AppCore<'_>, query: TextQuery) -> Answer<TextPage> {
    core.library.text(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn search_text(core: AppCore<'_>, query: TextSearch) -> Answer<TextHits> {
    core.library.search_text(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn result_network(core: AppCore<'_>, query: NetworkQuery) -> Answer<NetworkPage> {
    core.library.network(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn network_body(core: AppCore<'_>, id: String, index: u32) -> Answer<NetworkBody> {
    core.library.network_body(id, index).await
}

#[tauri::command]
#[specta::specta]
pub async fn result_details(core: AppCore<'_>, id: String) -> Answer<DetailsView> {
    core.library.details(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn allow_external(core: AppCore<'_>, id: String, allow: bool) -> Answer<()> {
    core.library.allow_external(id, allow).await
}

#[tauri::command]
#[specta::specta]
pub async fn library_page(core: AppCore<'_>, query: LibraryQuery) -> Answer<LibraryPage> {
    core.library.page(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn library_filters(core: AppCore<'_>) -> Answer<LibraryFilters> {
    core.library.filters().await
}

#[tauri::command]
#[specta::specta]
pub async fn library_facts(core: AppCore<'_>, id: String) -> Answer<LibraryFacts> {
    core.library.facts(id, core.settings.read().keep_days).await
}

#[tauri::command]
#[specta::specta]
pub async fn delete_results(core: AppCore<'_>, ids: Vec<String>) -> Answer<u32> {
    core.library.delete(ids).await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_results(core: AppCore<'_>, ids: Vec<String>) -> Answer<u32> {
    core.library.restore(ids).await
}

#[tauri::command]
#[specta::specta]
pub async fn tag_results(core: AppCore<'_>, ids: Vec<String>, tag: String, on: bool) -> Answer<()> {
    core.library.set_tag(ids, tag, on).await
}

#[tauri::command]
#[specta::specta]
pub async fn library_disk(core: AppCore<'_>) -> Answer<LibraryDisk> {
    core.library.disk(core.settings.read().keep_days).await
}

#[tauri::command]
#[specta::specta]
pub async fn clean_up_library(core: AppCore<'_>) -> Answer<LibraryDisk> {
    core.library.clean_up(core.settings.read().keep_days).await
}

#[tauri::command]
#[specta::specta]
pub async fn clear_library(core: AppCore<'_>) -> Answer<LibraryDisk> {
    core.library.clear(core.settings.read().keep_days).await
}
