//! Runs of collections. A run goes on without the window.

use scrapingpros_core::Answer;
use scrapingpros_core::runs::{JobView, RunJobsPage, RunJobsQuery, RunView, RunsPage, RunsQuery};

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
