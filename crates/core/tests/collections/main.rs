//! Collections without a window: lists, pages, imports, reports and estimates on real folders.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod hostile;
mod imports;
mod lists;
mod pages;
mod properties;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use keyring::api::CredentialStore;
use keyring::mock;
use scrapingpros_core::accounts::{AccountForm, KeepKey, LOCAL_ID};
use scrapingpros_core::collections::*;
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::scrape::ScrapeForm;
use scrapingpros_core::{Answer, Core, CoreConfig};
use serde_json::json;
use tempfile::TempDir;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// An open app that works on this computer, in a folder of its own.
pub struct Bench {
    pub core: Arc<Core>,
    pub folder: TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let core = open(&folder).await;
        core.accounts.select(LOCAL_ID.into()).await.unwrap();
        Self { core, folder }
    }

    pub async fn restart(&mut self) {
        self.core.close().await;
        self.core = open(&self.folder).await;
    }

    /// A cloud account with 100 credits, two a simple page and seven a browser page.
    pub async fn with_account() -> (Self, MockServer) {
        let bench = Self::new().await;
        let service = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/v1/sync/billing"))
            .respond_with(
                ResponseTemplate::new(200)
                    .insert_header("x-quota-limit", "1000")
                    .insert_header("x-quota-remaining", "100")
                    .set_body_json(json!({
                        "month": "2026-05", "clients": {},
                        "credit_system": {"simple_request": 2, "browser_request": 7}
                    })),
            )
            .mount(&service)
            .await;
        let form = AccountForm {
            name: "Acme".into(),
            key: "canary-5f2b91c7d4e8-key".into(),
            server: service.uri(),
            keep: KeepKey::Session,
        };
        bench.core.accounts.add(form).await.unwrap();
        (bench, service)
    }

    pub fn lists(&self) -> &Collections {
        &self.core.collections
    }

    pub async fn create(&self, name: &str) -> String {
        self.lists().create(form(name)).await.unwrap().id
    }

    pub async fn with_pages(&self, pages: &[(&str, &str)]) -> String {
        let id = self.create("Tents").await;
        let added = self.lists().add_pages(id.clone(), forms(pages)).await;
        added.unwrap();
        id
    }

    pub async fn all_pages(&self, id: &str) -> PagesPage {
        self.lists().pages(query(id)).await.unwrap()
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub async fn open_import(&self, name: &str, bytes: impl AsRef<[u8]>) -> Answer<ImportView> {
        let path = self.file(name, bytes);
        self.lists()
            .open_import(name.to_owned(), path, |_| {})
            .await
    }

    /// As the app proposes it, without a question.
    pub async fn import(&self, name: &str, bytes: impl AsRef<[u8]>) -> (String, PagesAdded) {
        let view = self.open_import(name, bytes).await.unwrap();
        let id = self.create("").await;
        let meanings = view.columns.iter().map(|column| column.meaning).collect();
        let added = self
            .lists()
            .apply_import(view.import_id, id.clone(), meanings, |_| {})
            .await
            .unwrap();
        (id, added)
    }
}

async fn open(folder: &TempDir) -> Arc<Core> {
    let store: Arc<CredentialStore> = mock::Store::new().unwrap();
    Core::open(CoreConfig {
        data_dir: folder.path().join("data"),
        keychain: Keychain::with_store(store),
    })
    .await
    .unwrap()
}

pub fn form(name: &str) -> CollectionForm {
    CollectionForm {
        name: name.into(),
        options: ScrapeForm::default(),
    }
}

pub fn forms(pages: &[(&str, &str)]) -> Vec<PageForm> {
    let page = |(address, label): &(&str, &str)| PageForm {
        address: (*address).into(),
        label: (*label).into(),
    };
    pages.iter().map(page).collect()
}

pub fn query(id: &str) -> PagesQuery {
    PagesQuery {
        collection_id: id.into(),
        find: String::new(),
        only_problems: false,
        offset: 0,
        limit: 500,
    }
}

pub fn addresses(page: &PagesPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.address.as_str()).collect()
}

pub fn kinds(page: &PagesPage) -> Vec<Option<ProblemKind>> {
    let problems = page.rows.iter().map(|row| row.problem.as_ref());
    problems
        .map(|problem| problem.map(|problem| problem.kind))
        .collect()
}

/// A workbook with one sheet, from the XML of its rows and of its texts.
pub fn workbook(rows: &str, texts: &str) -> Vec<u8> {
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_owned(),
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned(),
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Pages" sheetId="1" r:id="rId1"/></sheets></workbook>"#.to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_owned(),
        ),
        ("xl/sharedStrings.xml", texts.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub fn no_texts() -> String {
    r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="0" uniqueCount="0"></sst>"#.into()
}
