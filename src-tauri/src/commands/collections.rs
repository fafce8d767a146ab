//! Lists of pages that are scraped together.

use scrapingpros_core::Answer;
use scrapingpros_core::collections::{
    CollectionForm, CollectionView, CollectionsPage, CollectionsQuery,
};

use super::AppCore;

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
