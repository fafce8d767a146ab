//! What the window needs for its first paint, in one call.

use serde::Serialize;
use specta::Type;

use crate::accounts::AccountView;
use crate::scrape::ScrapeForm;
use crate::settings::Settings;

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct StartView {
    pub version: String,
    pub data_dir: String,
    pub settings: Settings,
    /// None is active before the person has chosen: the window then shows Welcome.
    pub accounts: Vec<AccountView>,
    /// The form as it was left.
    pub draft: ScrapeForm,
    /// The address of a page of the sample shop, to try the app with.
    pub sample_address: String,
    pub notices: Vec<NoticeView>,
}

/// Something that happened while no window was open: settings set aside, a scrape interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NoticeView {
    pub id: String,
    pub title: String,
    pub text: String,
}
