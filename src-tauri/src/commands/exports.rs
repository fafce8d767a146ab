//! Exports of runs: the native dialog, then one file or folder.

use scrapingpros_core::Answer;
use scrapingpros_core::exports::{
    ExportCheck, ExportForm, ExportFormat, ExportOffer, ExportProgress, ExportedView,
};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::AppCore;
use super::system::SavedFiles;
use crate::dialogs::{ask_folder, ask_where};

#[tauri::command]
#[specta::specta]
pub async fn export_offer(core: AppCore<'_>, run_id: String) -> Answer<ExportOffer> {
    core.exports.offer(run_id).await
}

#[tauri::command]
#[specta::specta]
pub async fn check_export(core: AppCore<'_>, form: ExportForm) -> Answer<ExportCheck> {
    core.exports.check(form).await
}

/// Opens the save or the folder dialog (or exports at once, as the settings say). None when the person
/// cancelled there; a cancel while it is written is the error `cancelled`.
#[tauri::command]
#[specta::specta]
pub async fn export_run(
    app: AppHandle,
    core: AppCore<'_>,
    saved_files: State<'_, SavedFiles>,
    export_id: String,
    form: ExportForm,
    progress: Channel<ExportProgress>,
) -> Answer<Option<ExportedView>> {
    let ticket = core.exports.begin(&export_id)?;
    let target = if core.settings.read().ask_where {
        let name = core.exports.save_name(&form).await?;
        let chosen = match form.format {
            ExportFormat::Folder => {
                ask_folder(&app, "Make the export's folder in", Some(&name.folder)).await
            }
            ExportFormat::Xlsx
            | ExportFormat::Csv
            | ExportFormat::Json
            | ExportFormat::Jsonl
            | ExportFormat::Zip => ask_where(&app, name).await,
        };
        let Some(target) = chosen else {
            return Ok(None);
        };
        target
    } else {
        core.exports.usual_target(&form).await?
    };
    let tell = move |told| {
        // The page may have gone; the export goes on.
        progress.send(told).ok();
    };
    let exported = core.exports.export(ticket, form, target, tell).await?;
    saved_files.remember(exported.path.clone().into());
    Ok(Some(exported))
}

#[tauri::command]
#[specta::specta]
pub async fn cancel_export(core: AppCore<'_>, export_id: String) -> Answer<()> {
    core.exports.cancel(&export_id);
    Ok(())
}
