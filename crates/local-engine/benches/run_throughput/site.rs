//! A site of its own process: pages of 20 KB, each a list of goods.

use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::response::Html;
use axum::routing::get;

use crate::program;

const PAGE_BYTES: usize = 20_000;

pub struct Process {
    child: Child,
    pub host: String,
}

impl Process {
    pub fn start() -> Self {
        let me = std::env::current_exe().expect("a path");
        let mut child = Command::new(me)
            .arg(super::SITE)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let host = program::first_line(&mut child).trim().to_owned();
        Self { child, host }
    }

    pub fn cpu(&self) -> Duration {
        program::cpu(self.child.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is killed, after one line with its address.
pub async fn serve() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    println!("{}", listener.local_addr().expect("its address"));
    let router = Router::new().route(
        "/{page}",
        get(async |Path(number): Path<usize>| Html(page(number))),
    );
    axum::serve(listener, router).await.expect("it serves");
}

fn page(number: usize) -> String {
    let mut html = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Shelf {number}</title>\
         <link rel=stylesheet href=/style.css></head><body><header><nav><a href=/>Home</a></nav></header>\
         <main><h1>Shelf {number}</h1><ul class=goods>"
    );
    let mut item = 0;
    while html.len() < PAGE_BYTES {
        item += 1;
        let _ = write!(
            html,
            "<li class=\"item card\" data-id=\"{number}-{item}\"><h2><a href=\"/{number}/{item}\">Kettle number {item}</a></h2>\
             <p class=\"text\">A kettle for every stove, with a handle that stays cool and a lid that <b>stays on</b>.</p>\
             <span class=\"price\">${item}.90</span> <span class=stock>In stock</span></li>"
        );
    }
    html + "</ul></main><footer><p>All prices with tax.</p></footer></body></html>"
}
