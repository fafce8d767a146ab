//! What is known about an open page from its events: where it stands in loading, which document it
//! shows, and the calls it made.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use scrapingpros::types::NetworkRequest;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::page::PageError;

/// More calls than this are not kept.
const MOST_CALLS: usize = 5_000;
/// Nothing under way for this long: the page is at rest.
const SILENCE: Duration = Duration::from_millis(200);
/// The same when a call or two never end, as long polling does. Until then they may bring content.
const NEAR_SILENCE: Duration = Duration::from_secs(2);
const NEARLY_NONE: usize = 2;

/// Written by the watcher, waited on by the scrape.
pub struct Traffic {
    state: Mutex<State>,
    version: watch::Sender<u64>,
}

pub struct State {
    /// Documents the page has shown, in-page moves included.
    pub moves: u32,
    /// Documents the page has shown.
    pub commits: u32,
    /// The shown document's load event came.
    pub loaded: bool,
    /// A document is on its way to the main frame.
    pub coming: Option<String>,
    /// Latest address the main frame went for.
    pub latest_url: String,
    /// Latest answer to the main frame.
    pub document: Option<Document>,
    /// Set when that answer was a file rather than a page.
    pub file: Option<Vec<u8>>,
    pub failure: Option<PageError>,
    /// The page's own process crashed.
    pub crashed: bool,
    /// Request to its kind.
    under_way: HashMap<String, &'static str>,
    changed: Instant,
    pub calls: Vec<NetworkRequest>,
    call_of: HashMap<String, usize>,
    pub bodies_pending: usize,
}

/// The main frame's answer.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub url: String,
    pub status: u16,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// The browser's own finding, when the page sent none.
    pub sniffed: Option<String>,
    /// For reading its body.
    pub request: Option<String>,
}

impl Document {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type").or(self.sniffed.as_deref())
    }
}

impl Traffic {
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State {
                moves: 0,
                commits: 0,
                loaded: true,
                coming: None,
                latest_url: String::new(),
                document: None,
                file: None,
                failure: None,
                crashed: false,
                under_way: HashMap::new(),
                changed: Instant::now(),
                calls: Vec::new(),
                call_of: HashMap::new(),
                bodies_pending: 0,
            }),
            version: watch::Sender::new(0),
        }
    }

    pub fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.lock())
    }

    pub fn write<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        let written = write(&mut self.lock());
        self.version.send_modify(|version| *version += 1);
        written
    }

    /// Something was done to the page: it is not at rest before it had time to answer.
    pub fn touch(&self) {
        self.write(|state| state.changed = Instant::now());
    }

    /// Waits until it holds.
    pub async fn until(&self, holds: impl Fn(&State) -> bool) {
        let mut version = self.version.subscribe();
        while !self.read(&holds) {
            if version.changed().await.is_err() {
                return;
            }
        }
    }

    /// The page has loaded and is at rest, or that took too long.
    pub async fn settle(&self, load: Duration, rest: Duration) {
        let has_loaded = |state: &State| state.loaded && state.coming.is_none();
        if timeout(load, self.until(has_loaded)).await.is_ok() {
            let _ = timeout(rest, self.rest()).await;
        }
    }

    async fn rest(&self) {
        let mut version = self.version.subscribe();
        loop {
            let wait = self.read(State::until_rest);
            if wait.is_zero() {
                return;
            }
            let _ = timeout(wait, version.changed()).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn until_rest(&self) -> Duration {
        let needed = match self.under_way.len() {
            0 => SILENCE,
            few if few <= NEARLY_NONE => NEAR_SILENCE,
            _ => Duration::from_secs(1),
        };
        if self.under_way.len() > NEARLY_NONE {
            return needed;
        }
        needed.saturating_sub(self.changed.elapsed())
    }

    pub fn begin(&mut self, request: &str, kind: &'static str) {
        self.under_way.insert(request.to_owned(), kind);
        self.changed = Instant::now();
    }

    pub fn kind_under_way(&self, request: &str) -> Option<&'static str> {
        self.under_way.get(request).copied()
    }

    pub fn end(&mut self, request: &str) {
        if self.under_way.remove(request).is_some() {
            self.changed = Instant::now();
        }
        if self.coming.as_deref() == Some(request) {
            self.coming = None;
        }
    }

    /// A new document: what the old one had under way is of no interest any more.
    pub fn commit(&mut self) {
        self.commits += 1;
        self.moves += 1;
        self.loaded = false;
        self.coming = None;
        self.under_way.clear();
        self.changed = Instant::now();
    }

    pub fn record(&mut self, request: &str, call: NetworkRequest) {
        if self.calls.len() < MOST_CALLS {
            self.call_of.insert(request.to_owned(), self.calls.len());
            self.calls.push(call);
        }
    }

    pub fn call(&mut self, request: &str) -> Option<&mut NetworkRequest> {
        let index = *self.call_of.get(request)?;
        self.calls.get_mut(index)
    }

    /// The place in `calls`, for a body that arrives later.
    pub fn place_of_call(&self, request: &str) -> Option<usize> {
        self.call_of.get(request).copied()
    }
}
