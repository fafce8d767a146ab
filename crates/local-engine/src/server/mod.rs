//! The REST API on loopback: routes and what all handlers share.

mod access;
mod answers;
mod collections;
#[cfg(feature = "faults")]
mod faults;
mod info;
mod jobs;
pub mod listen;
mod proxies;
mod runs;
mod sync;
mod usage;
mod viability;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::StageEvent;
use crate::collections::Collections;
use crate::database::Database;
use crate::ledger::ApiAnswers;
use crate::proxies::Proxies;
use crate::scrape::Scraper;
use crate::viability::Viability;

pub use access::{RateLimits, Rates};
#[cfg(feature = "faults")]
pub use faults::Faults;

const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;
/// 50,000 requests with all their options.
const MAX_COLLECTION_BYTES: usize = 64 * 1024 * 1024;

const COUNTING_PAUSE: Duration = Duration::from_secs(30);

/// The one client of one computer.
const CLIENT: &str = "local";

/// What every handler may use.
pub struct Shared {
    pub scraper: Arc<Scraper>,
    pub collections: Collections,
    pub proxies: Proxies,
    pub viability: Viability,
    pub database: Database,
    /// Told whenever a run brought new jobs.
    pub jobs_wait: Arc<Notify>,
    pub key: String,
    pub stages: broadcast::Sender<StageEvent>,
    pub stopped: CancellationToken,
    pub shop: SocketAddr,
    pub addr: SocketAddr,
    pub limits: RateLimits,
    pub api_answers: ApiAnswers,
    #[cfg(feature = "faults")]
    pub faults: faults::Faults,
}

/// Serves until `shared.stopped`, then ends what runs.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let stopped = shared.stopped.clone();
    listen::serve(listener, router(shared), stopped).await;
}

/// Writes the counted answers now and then, and at the end.
pub async fn keep_counting(shared: Arc<Shared>) {
    let mut stopped = false;
    while !stopped {
        let pause = tokio::time::sleep(COUNTING_PAUSE);
        stopped = shared.stopped.run_until_cancelled(pause).await.is_none();
        if let Err(error) = shared.api_answers.write(&shared.database).await {
            tracing::warn!(%error, "the answers are not counted yet");
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let with_key = Router::new()
        .route("/v1/sync/scrape", post(sync::scrape))
        .route("/v1/sync/download", post(sync::download))
        .route("/v1/sync/billing", get(usage::billing))
        .route("/v1/sync/client-metrics", get(usage::client_metrics))
        .route("/v1/sync/metrics", get(usage::metrics))
        .route("/v1/proxy/countries", get(proxies::countries))
        .route("/v1/proxy/request-country", post(proxies::request_country))
        .route("/v1/proxy/status", get(proxies::status))
        .route("/v1/async/viability-test", post(viability::start))
        .route("/v1/async/viability-test/{run_id}", get(viability::get))
        .merge(collections());
    #[cfg(feature = "faults")]
    let with_key = with_key
        .route_layer(from_fn_with_state(shared.clone(), faults::interfere))
        .route("/faults", post(faults::plan).delete(faults::forget));
    let with_key = with_key
        .layer(from_fn_with_state(listen::BODY_PATIENCE, listen::in_time))
        .route_layer(from_fn_with_state(shared.clone(), access::with_key));
    Router::new()
        .route("/v1/health", get(info::health))
        .route("/v1/plans", get(info::plans))
        .merge(with_key)
        .fallback(async || answers::detail(StatusCode::NOT_FOUND, "Not Found"))
        .method_not_allowed_fallback(async || {
            answers::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(shared.clone(), access::own_host))
        .layer(from_fn_with_state(shared.clone(), access::counted))
        .layer(map_response(answers::refused_in_json))
        .layer(map_response(answers::never_cached))
        .with_state(shared)
}

fn collections() -> Router<Arc<Shared>> {
    let large = DefaultBodyLimit::max(MAX_COLLECTION_BYTES);
    Router::new()
        .route(
            "/v1/async/collections",
            get(collections::list)
                .post(collections::create)
                .layer(large),
        )
        .route(
            "/v1/async/collections/{id}",
            get(collections::get)
                .put(collections::update)
                .delete(collections::delete)
                .layer(large),
        )
        .route("/v1/async/collections/{id}/run", post(runs::start))
        .route("/v1/async/collections/{id}/runs", get(runs::list))
        .route("/v1/async/collections/{id}/runs/{run_id}", get(runs::get))
        .route(
            "/v1/async/collections/{id}/runs/{run_id}/jobs",
            get(jobs::list),
        )
        .route(
            "/v1/async/collections/{id}/runs/{run_id}/jobs/{job_id}/result",
            get(jobs::result),
        )
}
