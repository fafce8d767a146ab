//! Runs of collections. A run goes on without the window.

use scrapingpros_core::Answer;
use scrapingpros_core::collections::SpendingView;
use scrapingpros_core::runs::{
    ComparisonPage, ComparisonQuery, JobView, RetryForm, RunJobsPage, RunJobsQuery, RunSummary,
    RunView, RunsPage, RunsQuery, StartRunForm, TrialForm, TrialView,
};
use tauri::ipc::Channel;

use super::AppCore;

#[tauri::command]
#[specta::specta]
pub async fn runs(core: AppCore<'_>, query: RunsQuery) -> Answer<RunsPage> {
    core.runs.list(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn run(core: AppCore<'_>, id: String) -> Answer<RunView> {
    core.runs.get(id).await
}

#[tauri::command]
#[specta::specta]
pub async fn run_jobs(core: AppCore<'_>, query: RunJobsQuery) -> Answer<RunJobsPage> {
    core.runs.jobs(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn run_job(core: AppCore<'_>, query: RunJobsQuery, job_id: String) -> Answer<JobView> {
    core.runs.job(query, job_id).await
}

#[tauri::command]
#[specta::specta]
pub async fn start_run(core: AppCore<'_>, form: StartRunForm) -> Answer<RunView> {
    core.runs.start(form).await
}

/// What the retry would cross; sends nothing.
#[tauri::command]
#[specta::specta]
pub async fn check_retry(core: AppCore<'_>, form: RetryForm) -> Answer<SpendingView> {
    core.runs.check_retry(form).await
}

#[tauri::command]
#[specta::specta]
pub async fn retry_run(core: AppCore<'_>, form: RetryForm) -> Answer<RunView> {
    core.runs.retry(form).await
}

/// Leaves the run to the service; what it has brought is kept.
#[tauri::command]
#[specta::specta]
pub async fn stop_watching(core: AppCore<'_>, id: String) -> Answer<RunView> {
    core.runs.stop_watching(id).await
}

/// Goes on with a run whose watching was stopped, or that waits for a key.
#[tauri::command]
#[specta::specta]
pub async fn resume_run(core: AppCore<'_>, id: String) -> Answer<RunView> {
    core.runs.resume(id).await
}

/// Tells of a run now and as it moves, at most four times a second, until it ends or `unwatch`.
#[tauri::command]
#[specta::specta]
pub async fn watch_run(
    core: AppCore<'_>,
    watch_id: String,
    id: String,
    views: Channel<RunView>,
) -> Answer<()> {
    let tell = move |view| {
        // The page may have gone.
        views.send(view).ok();
    };
    core.runs.watch(watch_id, id, tell).await
}

/// Tells of all runs that have not ended, now and as they move, until `unwatch`.
#[tauri::command]
#[specta::specta]
pub async fn watch_runs(
    core: AppCore<'_>,
    watch_id: String,
    runs: Channel<Vec<RunSummary>>,
) -> Answer<()> {
    let tell = move |rows| {
        // The page may have gone.
        runs.send(rows).ok();
    };
    core.runs.watch_all(watch_id, tell).await
}

#[tauri::command]
#[specta::specta]
pub async fn unwatch(core: AppCore<'_>, watch_id: String) -> Answer<()> {
    core.runs.unwatch(&watch_id);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn compare_runs(core: AppCore<'_>, query: ComparisonQuery) -> Answer<ComparisonPage> {
    core.runs.compare(query).await
}

/// Scrapes a few pages of a list first, and tells of each.
#[tauri::command]
#[specta::specta]
pub async fn try_pages(
    core: AppCore<'_>,
    form: TrialForm,
    progress: Channel<TrialView>,
) -> Answer<TrialView> {
    let tell = move |view| {
        // The page may have gone; what was tried is kept.
        progress.send(view).ok();
    };
    core.runs.try_first(form, tell).await
}

/// True when credits may still be charged.
#[tauri::command]
#[specta::specta]
pub async fn cancel_trial(core: AppCore<'_>, trial_id: String) -> Answer<bool> {
    core.runs.cancel_trial(trial_id).await
}
