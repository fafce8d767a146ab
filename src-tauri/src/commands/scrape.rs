//! One page.

use scrapingpros_core::Answer;
use scrapingpros_core::results::ResultView;
use scrapingpros_core::scrape::{FormCheck, ScrapeForm, ScrapeProgress};
use tauri::ipc::Channel;

use super::AppCore;

#[tauri::command]
#[specta::specta]
pub async fn check_scrape(core: AppCore<'_>, form: ScrapeForm) -> Answer<FormCheck> {
    core.scrapes.check(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn scrape(
    core: AppCore<'_>,
    scrape_id: String,
    form: ScrapeForm,
    progress: Channel<ScrapeProgress>,
) -> Answer<ResultView> {
    let tell = move |step| {
        // The page may have gone; the scrape goes on and is kept.
        progress.send(step).ok();
    };
    core.scrapes.run(scrape_id, form, tell).await
}

#[tauri::command]
#[specta::specta]
pub async fn cancel_scrape(core: AppCore<'_>, scrape_id: String) -> Answer<bool> {
    core.scrapes.cancel(scrape_id).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_draft(core: AppCore<'_>, form: ScrapeForm) -> Answer<()> {
    core.scrapes.save_draft(form).await
}
