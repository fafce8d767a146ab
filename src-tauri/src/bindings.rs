//! The commands and events of the page, and their TypeScript twin `ui/src/backend/bindings.ts`.

use scrapingpros_core::proxies::CountryApproved;
use scrapingpros_core::runs::RunSummary;
use serde::Serialize;
use specta::Type;
use specta_typescript::Typescript;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::commands::{
    accounts, collections, exports, library, proxies, runs, scrape, settings, system, templates,
    usage,
};

/// A link in a preview was pressed: the page shows the address and asks.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub struct LinkPressed {
    pub address: String,
}

/// Files were dropped on the window: only these can be imported by their paths.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub struct FilesDropped {
    pub paths: Vec<String>,
}

/// A run has ended while the app was open.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub struct RunEnded {
    pub run: RunSummary,
}

/// A country that was asked for may be used now.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub struct CountryIsApproved {
    pub country: CountryApproved,
}

/// Every command and event.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        .disable_serde_phases()
        .commands(collect_commands![
            settings::start,
            settings::update_settings,
            settings::dismiss_notice,
            accounts::accounts,
            accounts::check_account,
            accounts::add_account,
            accounts::add_demo_account,
            accounts::select_account,
            accounts::rename_account,
            accounts::replace_key,
            accounts::forget_account,
            accounts::test_account,
            accounts::account_health,
            scrape::check_scrape,
            scrape::scrape,
            scrape::cancel_scrape,
            scrape::save_draft,
            library::result,
            library::recent_results,
            library::result_data,
            library::result_text,
            library::search_text,
            library::result_network,
            library::network_body,
            library::result_details,
            library::allow_external,
            library::library_page,
            library::library_filters,
            library::library_facts,
            library::delete_results,
            library::restore_results,
            library::tag_results,
            library::library_disk,
            library::clean_up_library,
            library::clear_library,
            library::compare_results,
            library::result_difference,
            library::compare_pictures,
            library::export_library,
            library::import_library,
            library::cancel_library_transfer,
            system::save_part,
            system::copy_part,
            system::copy_request,
            system::show_in_folder,
            system::open_link,
            system::choose_save_folder,
            collections::collections,
            collections::collection,
            collections::create_collection,
            collections::update_collection,
            collections::duplicate_collection,
            collections::delete_collection,
            collections::restore_collection,
            collections::collection_from_result,
            collections::collections_elsewhere,
            collections::pages,
            collections::add_pages,
            collections::paste_pages,
            collections::take_back_pages,
            collections::edit_page,
            collections::remove_pages,
            collections::leave_out_problems,
            collections::restore_pages,
            collections::report,
            collections::estimate,
            collections::choose_import,
            collections::import_dropped,
            collections::change_import,
            collections::apply_import,
            collections::cancel_import,
            runs::runs,
            runs::run,
            runs::run_jobs,
            runs::run_job,
            runs::start_run,
            runs::check_retry,
            runs::retry_run,
            runs::stop_watching,
            runs::resume_run,
            runs::watch_run,
            runs::watch_runs,
            runs::unwatch,
            runs::compare_runs,
            runs::try_pages,
            runs::cancel_trial,
            exports::export_offer,
            exports::check_export,
            exports::export_run,
            exports::cancel_export,
            proxies::countries,
            proxies::request_country,
            proxies::save_own_proxy,
            proxies::try_own_proxy,
            proxies::remove_own_proxy,
            proxies::restore_own_proxy,
            usage::usage,
            usage::usage_days,
            usage::stop_usage_days,
            usage::usage_hours,
            usage::usage_trend,
            usage::service_metrics,
            usage::plans,
            usage::save_chart_table,
            usage::save_chart_picture,
            templates::templates,
            templates::create_template,
            templates::update_template,
            templates::delete_template,
            templates::restore_template,
        ])
        .events(collect_events![
            CountryIsApproved,
            FilesDropped,
            LinkPressed,
            RunEnded
        ])
}

/// Writes the TypeScript twin.
pub fn export(path: &std::path::Path) -> Result<(), String> {
    builder()
        .export(Typescript::default(), path)
        .map_err(|error| error.to_string())
}
