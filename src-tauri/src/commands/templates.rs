//! Options under a name.

use scrapingpros_core::Answer;
use scrapingpros_core::templates::{TemplateForm, TemplateView};

use super::AppCore;

#[tauri::command]
#[specta::specta]
pub async fn templates(core: AppCore<'_>) -> Answer<Vec<TemplateView>> {
    core.templates.list().await
}

#[tauri::command]
#[specta::specta]
pub async fn create_template(core: AppCore<'_>, form: TemplateForm) -> Answer<TemplateView> {
    core.templates.create(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn update_template(
    core: AppCore<'_>,
    id: String,
    form: TemplateForm,
) -> Answer<TemplateView> {
    core.templates.update(id, form).await
}

#[tauri::command]
#[specta::specta]
pub async fn delete_template(core: AppCore<'_>, id: String) -> Answer<()> {
    core.templates.delete(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_template(core: AppCore<'_>, id: String) -> Answer<()> {
    core.templates.restore(id).await
}
