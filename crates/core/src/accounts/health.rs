//! How the service is, in words.

use scrapingpros::types::{HealthComponent, HealthResponse};
use scrapingpros::{Answered, Client, Error};
use time::OffsetDateTime;

use super::{ComponentView, HealthState, HealthView};
use crate::AppError;
use crate::error::Circumstances;

pub(super) async fn ask(client: &Client, circumstances: &Circumstances) -> HealthView {
    match client.health().get().await {
        Ok(answer) => answered(&answer, circumstances.local),
        Err(error) => failed(&error, circumstances),
    }
}

/// There is nobody to ask.
pub(super) fn down(error: &AppError) -> HealthView {
    HealthView {
        details: error.details.clone().unwrap_or_default(),
        ..view(HealthState::Down, &error.message)
    }
}

fn answered(answer: &Answered<HealthResponse>, local: bool) -> HealthView {
    let components: Vec<ComponentView> = answer.value.components.iter().map(component).collect();
    let all_good = components
        .iter()
        .all(|component| component.state == HealthState::Good);
    let state = match answer.value.is_good() {
        Some(false) => HealthState::Degraded,
        Some(true) | None if all_good => HealthState::Good,
        Some(true) | None => HealthState::Degraded,
    };
    let sentence = match (state, local) {
        (HealthState::Good, _) => "Everything works.",
        (_, true) => "This computer can scrape, but something is missing.",
        (_, false) => "The service works, but some parts have trouble.",
    };
    HealthView {
        components,
        latency_ms: answer
            .meta
            .elapsed
            .as_millis()
            .try_into()
            .unwrap_or(u32::MAX),
        details: if answer.value.raw.is_null() {
            format!("HTTP {}", answer.meta.status)
        } else {
            format!("{:#}", answer.value.raw)
        },
        ..view(state, sentence)
    }
}

fn failed(error: &Error, circumstances: &Circumstances) -> HealthView {
    let offline = matches!(
        error,
        Error::Connect { .. } | Error::Timeout { .. } | Error::Interrupted { .. }
    );
    let state = if offline && !circumstances.local {
        HealthState::Offline
    } else {
        HealthState::Down
    };
    let explained = circumstances.explain(error);
    HealthView {
        details: explained.details.unwrap_or_default(),
        ..view(state, &explained.message)
    }
}

fn component(part: &HealthComponent) -> ComponentView {
    let state = if part.is_good() {
        HealthState::Good
    } else {
        HealthState::Degraded
    };
    ComponentView {
        name: readable(&part.name),
        state,
        word: if part.is_good() {
            "Working".to_owned()
        } else {
            readable(&part.status)
        },
    }
}

/// `rate_limiter` becomes "Rate limiter".
fn readable(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn view(state: HealthState, sentence: &str) -> HealthView {
    HealthView {
        state,
        sentence: sentence.to_owned(),
        components: Vec::new(),
        latency_ms: 0,
        checked_at: OffsetDateTime::now_utc()
            .unix_timestamp()
            .try_into()
            .unwrap_or(0),
        details: String::new(),
    }
}
