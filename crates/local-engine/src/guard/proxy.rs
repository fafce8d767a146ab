//! A forward proxy on loopback that puts the guard in front of a browser.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::page::PageError;

use super::Guard;

/// Listens until dropped.
pub struct GuardProxy {
    addr: SocketAddr,
}

impl GuardProxy {
    pub async fn start(_guard: Arc<Guard>) -> io::Result<Arc<Self>> {
        todo!()
    }

    /// Where the browser finds it.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Why the latest request to this host failed; None after a success.
    pub fn last_failure(&self, _host: &str) -> Option<PageError> {
        todo!()
    }
}
