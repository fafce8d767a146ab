//! What was used, and charts as files. Nothing here spends credits.

use scrapingpros_core::Answer;
use scrapingpros_core::results::SavedView;
use scrapingpros_core::usage::{
    ChartPicture, ChartTable, DaysProgress, DaysView, HoursView, MetricsForm, MetricsView,
    PlansView, TrendView, UsageView,
};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::AppCore;
use super::system::SavedFiles;
use crate::dialogs::ask_where;

/// `YYYY-MM`; empty: this month.
#[tauri::command]
#[specta::specta]
pub async fn usage(core: AppCore<'_>, month: String) -> Answer<UsageView> {
    core.usage.month(month).await
}

#[tauri::command]
#[specta::specta]
pub async fn usage_days(
    core: AppCore<'_>,
    month: String,
    progress: Channel<DaysProgress>,
) -> Answer<DaysView> {
    let tell = move |told| {
        // The page may have gone.
        progress.send(told).ok();
    };
    core.usage.days(month, tell).await
}

/// The call of `usage_days` that goes on answers with what it knows.
#[tauri::command]
#[specta::specta]
pub async fn stop_usage_days(core: AppCore<'_>) -> Answer<()> {
    core.usage.stop_days();
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn usage_hours(core: AppCore<'_>, day: String) -> Answer<HoursView> {
    core.usage.hours(day).await
}

#[tauri::command]
#[specta::specta]
pub async fn usage_trend(core: AppCore<'_>) -> Answer<TrendView> {
    core.usage.trend().await
}

#[tauri::command]
#[specta::specta]
pub async fn service_metrics(core: AppCore<'_>, form: MetricsForm) -> Answer<MetricsView> {
    core.usage.metrics(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn plans(core: AppCore<'_>) -> Answer<PlansView> {
    core.usage.plans().await
}

/// Opens the save dialog (or saves at once, as the settings say). None when the person cancelled.
#[tauri::command]
#[specta::specta]
pub async fn save_chart_table(
    app: AppHandle,
    core: AppCore<'_>,
    saved_files: State<'_, SavedFiles>,
    table: ChartTable,
) -> Answer<Option<SavedView>> {
    let settings = core.settings.read();
    let path = if settings.ask_where {
        let Some(path) = ask_where(&app, table.save_name(&settings)).await else {
            return Ok(None);
        };
        path
    } else {
        table.usual_path(&settings).await?
    };
    let saved = table.save(path.clone(), settings.csv).await?;
    saved_files.remember(path);
    Ok(Some(saved))
}

/// The same for the chart itself.
#[tauri::command]
#[specta::specta]
pub async fn save_chart_picture(
    app: AppHandle,
    core: AppCore<'_>,
    saved_files: State<'_, SavedFiles>,
    picture: ChartPicture,
) -> Answer<Option<SavedView>> {
    let settings = core.settings.read();
    let path = if settings.ask_where {
        let Some(path) = ask_where(&app, picture.save_name(&settings)).await else {
            return Ok(None);
        };
        path
    } else {
        picture.usual_path(&settings).await?
    };
    let saved = picture.save(path.clone()).await?;
    saved_files.remember(path);
    Ok(Some(saved))
}
