//! Names to addresses. What the system said a moment ago is remembered, so that a run over one site asks
//! once and not for each page; a name that was not found is asked for again.

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const REMEMBERED: Duration = Duration::from_secs(20);
const NAMES: usize = 1_000;

/// Turns a name into addresses. The system's own in the app; scripted in tests.
pub trait Resolve: Send + Sync {
    fn resolve<'a>(
        &'a self,
        host: &'a str,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'a>>;
}

#[derive(Default)]
pub struct SystemNames {
    recent: Mutex<HashMap<String, (Instant, Vec<IpAddr>)>>,
}

impl Resolve for SystemNames {
    fn resolve<'a>(
        &'a self,
        host: &'a str,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'a>> {
        Box::pin(async move {
            if let Some(found) = self.recall(host) {
                return Ok(found);
            }
            let found = tokio::net::lookup_host((host, 0)).await?;
            let found: Vec<IpAddr> = found.map(|addr| addr.ip()).collect();
            self.remember(host, &found);
            Ok(found)
        })
    }
}

impl SystemNames {
    fn recall(&self, host: &str) -> Option<Vec<IpAddr>> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, found) = recent.get(host)?;
        (asked.elapsed() < REMEMBERED).then(|| found.clone())
    }

    fn remember(&self, host: &str, found: &[IpAddr]) {
        if found.is_empty() {
            return;
        }
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() >= NAMES {
            recent.retain(|_, (asked, _)| asked.elapsed() < REMEMBERED);
        }
        if recent.len() < NAMES {
            recent.insert(host.to_owned(), (Instant::now(), found.to_vec()));
        }
    }
}
