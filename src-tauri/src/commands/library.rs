//! Kept results, in bounded pages. Bodies travel by the preview protocol or stay in Rust.

use scrapingpros_core::Answer;
use scrapingpros_core::library::{
    DifferenceQuery, DifferenceRow, LibraryDisk, LibraryExported, LibraryFacts, LibraryFilters,
    LibraryImported, LibraryPage, LibraryQuery, PictureComparison, ResultComparison,
    TransferProgress,
};
use scrapingpros_core::results::{
    DataPage, DataQuery, DetailsView, NetworkBody, NetworkPage, NetworkQuery, ResultSummary,
    ResultView, TextHits, TextPage, TextQuery, TextSearch,
};

use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::AppCore;
use super::system::SavedFiles;
use crate::dialogs::{ask_file, ask_where};

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

#[tauri::command]
#[specta::specta]
pub async fn compare_results(
    core: AppCore<'_>,
    before: String,
    after: String,
) -> Answer<ResultComparison> {
    core.library.compare(before, after).await
}

#[tauri::command]
#[specta::specta]
pub async fn result_difference(
    core: AppCore<'_>,
    query: DifferenceQuery,
) -> Answer<Vec<DifferenceRow>> {
    core.library.difference(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn compare_pictures(
    core: AppCore<'_>,
    before: String,
    after: String,
) -> Answer<PictureComparison> {
    core.library.compare_pictures(before, after).await
}

/// Opens the save dialog. None when the person cancelled there; a cancel while it is written is the error
/// `cancelled`.
#[tauri::command]
#[specta::specta]
pub async fn export_library(
    app: AppHandle,
    core: AppCore<'_>,
    saved_files: State<'_, SavedFiles>,
    transfer_id: String,
    progress: Channel<TransferProgress>,
) -> Answer<Option<LibraryExported>> {
    let ticket = core.library.begin_transfer(&transfer_id)?;
    let name = core.library.transfer_name(&core.settings.read());
    let Some(path) = ask_where(&app, name).await else {
        return Ok(None);
    };
    let exported = core.library.export(ticket, path, teller(progress)).await?;
    saved_files.remember(exported.file.path.clone().into());
    Ok(Some(exported))
}

/// Opens the file dialog. None when the person cancelled there.
#[tauri::command]
#[specta::specta]
pub async fn import_library(
    app: AppHandle,
    core: AppCore<'_>,
    transfer_id: String,
    progress: Channel<TransferProgress>,
) -> Answer<Option<LibraryImported>> {
    let ticket = core.library.begin_transfer(&transfer_id)?;
    let Some(path) = ask_file(&app, "Import a library", "Library", &["zip"]).await else {
        return Ok(None);
    };
    let imported = core.library.import(ticket, path, teller(progress)).await?;
    Ok(Some(imported))
}

#[tauri::command]
#[specta::specta]
pub async fn cancel_library_transfer(core: AppCore<'_>, transfer_id: String) -> Answer<()> {
    core.library.cancel_transfer(&transfer_id);
    Ok(())
}

fn teller(progress: Channel<TransferProgress>) -> impl Fn(TransferProgress) + Send + 'static {
    move |step| {
        // The page may have gone; the work goes on.
        progress.send(step).ok();
    }
}
