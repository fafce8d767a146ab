//! A desktop's notification service, which keeps what it is asked to show.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::zvariant::OwnedValue;

use crate::{Desktop, until};

/// One notification: its title and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub title: String,
    pub text: String,
}

/// Ends with its desktop's bus.
pub struct Notifications {
    shown: Arc<Mutex<Vec<Shown>>>,
    _connection: zbus::Connection,
}

impl Notifications {
    /// Serves `org.freedesktop.Notifications` on the desktop's session bus.
    pub async fn start(desktop: &Desktop) -> Self {
        let shown = Arc::new(Mutex::new(Vec::new()));
        let service = Service {
            shown: shown.clone(),
        };
        let connection = zbus::connection::Builder::address(desktop.bus_address())
            .unwrap()
            .name("org.freedesktop.Notifications")
            .unwrap()
            .serve_at("/org/freedesktop/Notifications", service)
            .unwrap()
            .build()
            .await
            .unwrap();
        Self {
            shown,
            _connection: connection,
        }
    }

    /// The first one that is shown.
    pub async fn first(&self) -> Shown {
        until("a notification", async || self.all().into_iter().next()).await
    }

    pub fn all(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }
}

struct Service {
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the interface has them")]
    fn notify(
        &self,
        _app: String,
        _replaces: u32,
        _icon: String,
        title: String,
        text: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap();
        shown.push(Shown { title, text });
        u32::try_from(shown.len()).unwrap()
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let text = str::to_owned;
        (text("tests"), text("tests"), text("1"), text("1.2"))
    }
}
