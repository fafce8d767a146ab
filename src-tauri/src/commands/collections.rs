//! Lists of pages that are scraped together.

use scrapingpros_core::Answer;
use scrapingpros_core::collections::{
    CollectionForm, CollectionView, CollectionsPage, CollectionsQuery, ElsewhereView, EstimateView,
    ImportChoice, ImportProgress, ImportView, PageColumn, PageForm, PageRow, PageSelection,
    PagesAdded, PagesPage, PagesQuery, PagesRemoved, ProblemKind, ReportView,
};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::AppCore;
use super::system::DroppedFiles;
use crate::dialogs::ask_file;

/// What the dialog offers.
const KINDS: [&str; 8] = ["csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xml", "gz"];

#[tauri::command]
#[specta::specta]
pub async fn collections(core: AppCore<'_>, query: CollectionsQuery) -> Answer<CollectionsPage> {
    core.collections.list(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn collection(core: AppCore<'_>, id: String) -> Answer<CollectionView> {
    core.collections.get(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn create_collection(core: AppCore<'_>, form: CollectionForm) -> Answer<CollectionView> {
    core.collections.create(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn update_collection(
    core: AppCore<'_>,
    id: String,
    form: CollectionForm,
) -> Answer<CollectionView> {
    core.collections.update(id, form).await
}

#[tauri::command]
#[specta::specta]
pub async fn duplicate_collection(core: AppCore<'_>, id: String) -> Answer<CollectionView> {
    core.collections.duplicate(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn delete_collection(core: AppCore<'_>, id: String) -> Answer<()> {
    core.collections.delete(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_collection(core: AppCore<'_>, id: String) -> Answer<CollectionView> {
    core.collections.restore(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn collection_from_result(
    core: AppCore<'_>,
    result_id: String,
) -> Answer<CollectionView> {
    core.collections.create_from_result(result_id).await
}

#[tauri::command]
#[specta::specta]
pub async fn collections_elsewhere(core: AppCore<'_>) -> Answer<Vec<ElsewhereView>> {
    core.collections.elsewhere().await
}

#[tauri::command]
#[specta::specta]
pub async fn pages(core: AppCore<'_>, query: PagesQuery) -> Answer<PagesPage> {
    core.collections.pages(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn add_pages(
    core: AppCore<'_>,
    collection_id: String,
    pages: Vec<PageForm>,
) -> Answer<PagesAdded> {
    core.collections.add_pages(collection_id, pages).await
}

#[tauri::command]
#[specta::specta]
pub async fn paste_pages(
    core: AppCore<'_>,
    collection_id: String,
    text: String,
) -> Answer<PagesAdded> {
    core.collections.paste_pages(collection_id, text).await
}

#[tauri::command]
#[specta::specta]
pub async fn take_back_pages(
    core: AppCore<'_>,
    collection_id: String,
    first_id: u32,
    last_id: u32,
) -> Answer<PagesRemoved> {
    let collections = &core.collections;
    collections
        .take_back_pages(collection_id, first_id, last_id)
        .await
}

#[tauri::command]
#[specta::specta]
pub async fn edit_page(
    core: AppCore<'_>,
    collection_id: String,
    page_id: u32,
    column: PageColumn,
    value: String,
) -> Answer<PageRow> {
    let collections = &core.collections;
    collections
        .edit_page(collection_id, page_id, column, value)
        .await
}

#[tauri::command]
#[specta::specta]
pub async fn remove_pages(core: AppCore<'_>, selection: PageSelection) -> Answer<PagesRemoved> {
    core.collections.remove_pages(selection).await
}

/// No kinds: all pages that a run would not send.
#[tauri::command]
#[specta::specta]
pub async fn leave_out_problems(
    core: AppCore<'_>,
    collection_id: String,
    kinds: Vec<ProblemKind>,
) -> Answer<PagesRemoved> {
    core.collections
        .leave_out_problems(collection_id, kinds)
        .await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_pages(
    core: AppCore<'_>,
    collection_id: String,
    undo: u32,
) -> Answer<ReportView> {
    core.collections.restore_pages(collection_id, undo).await
}

#[tauri::command]
#[specta::specta]
pub async fn report(core: AppCore<'_>, collection_id: String) -> Answer<ReportView> {
    core.collections.report(collection_id).await
}

#[tauri::command]
#[specta::specta]
pub async fn estimate(core: AppCore<'_>, collection_id: String) -> Answer<EstimateView> {
    core.collections.estimate(collection_id).await
}

/// Opens the file dialog. None when the person cancelled.
#[tauri::command]
#[specta::specta]
pub async fn choose_import(
    app: AppHandle,
    core: AppCore<'_>,
    import_id: String,
    progress: Channel<ImportProgress>,
) -> Answer<Option<ImportView>> {
    let Some(path) = ask_file(&app, "Import pages", "Tables, lists and sitemaps", &KINDS).await
    else {
        return Ok(None);
    };
    let view = core
        .collections
        .open_import(import_id, path, teller(progress));
    view.await.map(Some)
}

/// A file that was dropped on the window.
#[tauri::command]
#[specta::specta]
pub async fn import_dropped(
    core: AppCore<'_>,
    dropped_files: State<'_, DroppedFiles>,
    import_id: String,
    path: String,
    progress: Channel<ImportProgress>,
) -> Answer<ImportView> {
    let path = dropped_files.take(path)?;
    core.collections
        .open_import(import_id, path, teller(progress))
        .await
}

#[tauri::command]
#[specta::specta]
pub async fn change_import(
    core: AppCore<'_>,
    import_id: String,
    choice: ImportChoice,
    progress: Channel<ImportProgress>,
) -> Answer<ImportView> {
    core.collections
        .change_import(import_id, choice, teller(progress))
        .await
}

#[tauri::command]
#[specta::specta]
pub async fn apply_import(
    core: AppCore<'_>,
    import_id: String,
    collection_id: String,
    meanings: Vec<Option<PageColumn>>,
    progress: Channel<ImportProgress>,
) -> Answer<PagesAdded> {
    core.collections
        .apply_import(import_id, collection_id, meanings, teller(progress))
        .await
}

#[tauri::command]
#[specta::specta]
pub async fn cancel_import(core: AppCore<'_>, import_id: String) -> Answer<()> {
    core.collections.cancel_import(import_id).await
}

fn teller(progress: Channel<ImportProgress>) -> impl Fn(ImportProgress) + Send + Sync + 'static {
    move |step| {
        // The page may have gone; the import goes on.
        progress.send(step).ok();
    }
}
