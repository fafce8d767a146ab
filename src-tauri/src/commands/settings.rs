//! The person's choices, and the first paint.

use scrapingpros_core::Answer;
use scrapingpros_core::settings::Settings;
use scrapingpros_core::start::StartView;

use super::AppCore;

#[tauri::command]
#[specta::specta]
pub async fn start(core: AppCore<'_>) -> Answer<StartView> {
    core.start_view().await
}

#[tauri::command]
#[specta::specta]
pub async fn update_settings(
    app: tauri::AppHandle,
    core: AppCore<'_>,
    settings: Settings,
) -> Answer<Settings> {
    let settings = core.settings.update(settings).await?;
    crate::window::follow_theme(&app, settings.theme);
    Ok(settings)
}

#[tauri::command]
#[specta::specta]
pub async fn dismiss_notice(core: AppCore<'_>, id: String) -> Answer<()> {
    core.library.dismiss_notice(id).await
}
