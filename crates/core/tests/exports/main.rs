//! Exports of runs, read back by other programs' readers: whole, in the list's order, and harmless.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bundles;
mod endings;
mod hostile;
mod offers;
mod office;
mod service;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyring::mock;
use scrapingpros::{ApiKey, Client, Config};
use scrapingpros_core::exports::{
    ExportForm, ExportFormat, ExportProgress, ExportWhich, ExportedView,
};
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::runs::{RunsQuery, drain_run};
use scrapingpros_core::{Answer, Core, CoreConfig};
use tempfile::TempDir;

use service::Listed;

/// An app with one run that has ended.
pub struct Bench {
    pub core: Arc<Core>,
    pub run_id: String,
    folder: TempDir,
}

impl Bench {
    pub async fn new(pages: Vec<Listed>) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        let core = open(folder.path()).await;
        let address = service::start(pages).await;
        let config = Config::for_server(&address).unwrap();
        let client = Client::new(config, Some(ApiKey::parse(service::KEY).unwrap())).unwrap();
        drain_run(&core.library, client, "c0", "r0").await.unwrap();
        let query = RunsQuery {
            collection_id: String::new(),
            unfinished: false,
            offset: 0,
            limit: 1,
        };
        let run_id = core.runs.list(query).await.unwrap().rows[0].id.clone();
        Self {
            core,
            run_id,
            folder,
        }
    }

    /// The app after a new start: nothing is in its memory.
    pub async fn reopen(&mut self) {
        self.core.close().await;
        self.core = open(self.folder.path()).await;
    }

    pub fn form(&self, format: ExportFormat) -> ExportForm {
        ExportForm {
            run_id: self.run_id.clone(),
            which: ExportWhich::All,
            job_ids: Vec::new(),
            format,
            label_and_address: true,
            fields: true,
            failures: true,
            file_names: "{number} {label}".into(),
        }
    }

    /// Where exports go.
    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub fn data_dir(&self) -> &Path {
        self.folder.path()
    }

    pub async fn export(&self, form: ExportForm) -> Answer<ExportedView> {
        let target = target_in(self.out(), form.format);
        self.export_to(form, target, |_| {}).await
    }

    pub async fn export_to(
        &self,
        form: ExportForm,
        target: PathBuf,
        tell: impl Fn(ExportProgress) + Send + Sync + 'static,
    ) -> Answer<ExportedView> {
        let ticket = self.core.exports.begin("x")?;
        self.core.exports.export(ticket, form, target, tell).await
    }

    pub async fn sql(&self, statement: &str) {
        let statement = statement.to_owned();
        self.core
            .library
            .database()
            .call(move |connection| connection.execute_batch(&statement))
            .await
            .unwrap();
    }

    /// Names of everything in the folder of exports.
    pub fn left(&self) -> Vec<String> {
        names(&self.out())
    }
}

pub async fn open(folder: &Path) -> Arc<Core> {
    Core::open(CoreConfig {
        data_dir: folder.join("data"),
        keychain: Keychain::with_store(mock::Store::new().unwrap()),
    })
    .await
    .unwrap()
}

pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The folder of an export is chosen by the app.
pub fn target_in(folder: PathBuf, format: ExportFormat) -> PathBuf {
    if format == ExportFormat::Folder {
        return folder;
    }
    folder.join(format!("run.{}", ending(format)))
}

fn ending(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Xlsx => "xlsx",
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
        ExportFormat::Jsonl => "jsonl",
        ExportFormat::Zip => "zip",
        ExportFormat::Folder => "",
    }
}

/// All of them.
pub const FORMATS: [ExportFormat; 6] = [
    ExportFormat::Xlsx,
    ExportFormat::Csv,
    ExportFormat::Json,
    ExportFormat::Jsonl,
    ExportFormat::Zip,
    ExportFormat::Folder,
];
