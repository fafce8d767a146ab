//! The window, by what a person sees: roles, labels and words.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::process::Process;
use crate::{PATIENCE, built, pictures, until, window};

/// A run of some hundred pages, on a busy machine.
const RUN_PATIENCE: Duration = Duration::from_secs(180);

/// The open window.
pub struct App {
    driver: WebDriver,
    display: String,
    _program: Process,
}

impl App {
    pub(crate) async fn open(port: u16, display: String, program: Process) -> Self {
        let server = format!("http://127.0.0.1:{port}");
        until("the WebDriver", async || {
            reqwest::get(format!("{server}/status")).await.ok()
        })
        .await;
        let mut capabilities = Capabilities::new();
        let options = json!({ "binary": built("scrapingpros-desktop"), "args": [] });
        capabilities
            .set("webkitgtk:browserOptions", options)
            .unwrap();
        let driver = WebDriver::new(&server, capabilities).await.unwrap();
        driver
            .set_script_timeout(Duration::from_secs(60))
            .await
            .unwrap();
        let app = Self {
            driver,
            display,
            _program: program,
        };
        until("the first paint", async || {
            let heading = app.driver.find(By::Tag("h1")).await;
            heading.ok()
        })
        .await;
        app
    }

    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Closes the window as a person would; back once the app has ended.
    pub async fn quit(self) {
        window::close(&self.display).await;
        // Its session has ended with the app.
        self.driver.quit().await.ok();
    }

    /// Presses the button, tab, link or menu item of this name.
    pub async fn press(&self, name: &str) {
        let start = Instant::now();
        loop {
            let element = self.pressable(name).await;
            let enabled = element.is_enabled().await.unwrap_or(false);
            if enabled && element.click().await.is_ok() {
                return;
            }
            if start.elapsed() > PATIENCE {
                self.missing(&format!("{name} to let itself be pressed"))
                    .await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The button, tab, link or menu item of this name, once it shows.
    pub async fn pressable(&self, name: &str) -> WebElement {
        let name = xpath_text(name);
        let tags = "self::button or self::a or self::summary or @role='tab' or @role='menuitem' or @role='option' or @role='switch' or @role='radio' or self::label";
        let path = format!(
            "//*[({tags}) and (@aria-label={name} or normalize-space(.)={name} or starts-with(normalize-space(.), concat({name}, ' ')))]"
        );
        self.shown(By::XPath(path), &format!("something to press named {name}"))
            .await
    }

    /// The smallest element that reads so.
    pub async fn words(&self, words: &str) -> WebElement {
        let text = xpath_text(words);
        let path = format!("//*[normalize-space(text())={text}]");
        self.shown(By::XPath(path), &format!("the words {words}"))
            .await
    }

    /// Waits until the run that shows has come to its end.
    pub async fn finished(&self) {
        self.ends_within(RUN_PATIENCE).await;
    }

    /// Waits so long for the run that shows to come to its end.
    pub async fn ends_within(&self, patience: Duration) {
        let start = Instant::now();
        while !self.shows("Finished").await {
            if start.elapsed() > patience {
                self.missing("the end of the run").await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The field of this label.
    pub async fn field(&self, label: &str) -> WebElement {
        let label = xpath_text(label);
        let path = format!(
            "//*[(self::input or self::textarea or self::select) and (@aria-label={label} or @id=//label[normalize-space(.)={label}]/@for or ancestor::label[normalize-space(.)={label}])]"
        );
        self.shown(By::XPath(path), &format!("a field labelled {label}"))
            .await
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Types an address and starts the scrape.
    pub async fn scrape(&self, address: &str) {
        self.fill("Page address", address).await;
        let field = self.field("Page address").await;
        field.send_keys(Key::Enter + "").await.unwrap();
    }

    /// Turns a switch on or off.
    pub async fn switch(&self, label: &str, on: bool) {
        let field = self.field(label).await;
        if field.is_selected().await.unwrap() != on {
            field.click().await.unwrap();
        }
    }

    /// Waits until these words show anywhere.
    pub async fn sees(&self, words: &str) {
        let start = Instant::now();
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            if start.elapsed() > PATIENCE {
                self.missing(&format!("the words “{words}”")).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether these words show now.
    pub async fn shows(&self, words: &str) -> bool {
        self.text().await.contains(words)
    }

    /// Everything that can be read in the window.
    pub async fn text(&self) -> String {
        let text = self.script("return document.body.innerText").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Keeps a picture of the window for people to look at, in `folder`.
    pub async fn picture_in(&self, folder: &Path, name: &str) {
        let painted = "const done = arguments[arguments.length - 1];
            document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));";
        self.driver.execute_async(painted, vec![]).await.unwrap();
        let png = self.driver.screenshot_as_png().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
    }

    /// Keeps a picture among those of the tests.
    pub async fn picture(&self, name: &str) {
        self.picture_in(&pictures(), name).await;
    }

    /// Looks at a screen in both themes: a picture of each, and what axe says.
    pub async fn look(&self, name: &str) {
        let root = "document.documentElement.dataset.theme";
        let before = self.script(&format!("return {root} ?? null")).await;
        for theme in ["light", "dark"] {
            self.script(&format!("{root} = '{theme}'")).await;
            self.accessible(&format!("{name} {theme}")).await;
            self.picture(&format!("{name}-{theme}")).await;
        }
        let back = match before.as_str() {
            Some(theme) => format!("{root} = '{theme}'"),
            None => format!("delete {root}"),
        };
        self.script(&back).await;
    }

    /// Asserts that axe finds nothing serious in the window.
    pub async fn accessible(&self, screen: &str) {
        let axe = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../ui/node_modules/axe-core/axe.min.js"
        );
        let axe = std::fs::read_to_string(axe).unwrap();
        self.driver.execute(axe, vec![]).await.unwrap();
        let run = "const done = arguments[arguments.length - 1];
            for (const change of document.getAnimations()) {
                if (change instanceof CSSTransition) change.finish();
            }
            axe.run(document, { iframes: false }).then(r => done(r.violations
                .filter(v => ['serious', 'critical'].includes(v.impact))
                .map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))), e => done([String(e)]));";
        let found = self.driver.execute_async(run, vec![]).await.unwrap();
        assert_eq!(found.json(), &json!([]), "axe on the {screen} screen");
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> Value {
        self.driver
            .execute(script, vec![])
            .await
            .unwrap()
            .json()
            .clone()
    }

    async fn shown(&self, by: By, what: &str) -> WebElement {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            for element in self.driver.find_all(by.clone()).await.unwrap_or_default() {
                if self.is_visible(&element).await {
                    return element;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.missing(what).await
    }

    /// Asked of the page itself: WebDriver takes what stands in some tables for hidden. What is replaced
    /// while it is looked at is not visible any more.
    async fn is_visible(&self, element: &WebElement) -> bool {
        let script = "const it = arguments[0], box = it.getBoundingClientRect();
            return it.checkVisibility({ visibilityProperty: true }) && box.width > 0 && box.height > 0;";
        let Ok(element) = element.to_json() else {
            return false;
        };
        let answer = self.driver.execute(script, vec![element]).await;
        answer.is_ok_and(|answer| answer.json() == &json!(true))
    }

    async fn missing(&self, what: &str) -> ! {
        self.picture("failed").await;
        let text = self.text().await;
        panic!("waited in vain for {what}; the window reads:\n{text}");
    }
}

fn xpath_text(text: &str) -> String {
    if text.contains('"') {
        format!("'{text}'")
    } else {
        format!("\"{text}\"")
    }
}
