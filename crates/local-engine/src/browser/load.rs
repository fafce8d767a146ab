//! Opening the page, and why it could not be opened.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use url::Url;

use crate::guard::GuardProxy;
use crate::page::PageError;

use super::plan::Plan;
use super::tab::Tab;

/// A page that never finishes loading is taken as it is after this.
pub const LOAD_LIMIT: Duration = Duration::from_secs(15);
/// Longest wait, after it has loaded, for what its scripts fetch.
pub const REST_LIMIT: Duration = Duration::from_secs(5);
/// The browser's own.
const MOST_REDIRECTS: usize = 20;

pub async fn open(tab: &Tab, plan: &Plan, proxy: &GuardProxy) -> Result<(), PageError> {
    let opened = tab
        .page
        .call(NavigateParams::new(plan.url.as_str()))
        .await?;
    if let Some(failure) = tab.traffic.write(|state| state.failure.take()) {
        return Err(failure);
    }
    if let Some(net_error) = opened.error_text.filter(|text| !text.is_empty()) {
        // A file was read instead of shown; an answer without a body is not shown at all.
        let arrived = tab.traffic.read(|state| {
            let without_body = |status| matches!(status, 204 | 205 | 400..);
            let status = state.document.as_ref().map(|document| document.status);
            state.file.is_some() || status.is_some_and(without_body)
        });
        if arrived
            && matches!(
                net_error.as_str(),
                "net::ERR_ABORTED" | "net::ERR_HTTP_RESPONSE_CODE_FAILURE"
            )
        {
            return Ok(());
        }
        let latest = tab.traffic.read(|state| state.latest_url.clone());
        return Err(failure(proxy, &latest, plan, &net_error));
    }
    if opened.loader_id.is_some() {
        let _ =
            tokio::time::timeout(LOAD_LIMIT, tab.traffic.until(|state| state.commits > 0)).await;
    }
    tab.traffic.settle(LOAD_LIMIT, REST_LIMIT).await;
    Ok(())
}

/// Why the guard let nothing through to this address, if it did not.
pub fn guard_reason(proxy: &GuardProxy, address: &str) -> Option<PageError> {
    let url = Url::parse(address).ok()?;
    proxy.last_failure(url.host_str()?)
}

fn failure(proxy: &GuardProxy, latest: &str, plan: &Plan, net_error: &str) -> PageError {
    let address = if latest.is_empty() {
        plan.url.as_str()
    } else {
        latest
    };
    guard_reason(proxy, address).unwrap_or_else(|| {
        let host = Url::parse(address)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        from_net_error(net_error, host)
    })
}

fn from_net_error(net_error: &str, host: String) -> PageError {
    let word = net_error.trim_start_matches("net::");
    match word {
        "ERR_NAME_NOT_RESOLVED" | "ERR_NAME_RESOLUTION_FAILED" => PageError::Dns { host },
        "ERR_TOO_MANY_REDIRECTS" => PageError::TooManyRedirects {
            limit: MOST_REDIRECTS,
        },
        "ERR_UNSAFE_PORT" => PageError::Refused {
            reason: "invalid_port",
            message: format!("The browser opens no page on this port of {host}."),
        },
        _ if word.starts_with("ERR_CERT") || word.starts_with("ERR_SSL") => PageError::Tls {
            host,
            message: plain(word),
        },
        "ERR_CONNECTION_REFUSED"
        | "ERR_CONNECTION_RESET"
        | "ERR_CONNECTION_CLOSED"
        | "ERR_CONNECTION_ABORTED"
        | "ERR_CONNECTION_FAILED"
        | "ERR_CONNECTION_TIMED_OUT"
        | "ERR_TIMED_OUT"
        | "ERR_EMPTY_RESPONSE"
        | "ERR_ADDRESS_UNREACHABLE"
        | "ERR_TUNNEL_CONNECTION_FAILED"
        | "ERR_PROXY_CONNECTION_FAILED"
        | "ERR_INTERNET_DISCONNECTED" => PageError::Connect {
            host,
            message: plain(word),
        },
        _ => PageError::Protocol {
            message: format!("{host} could not be opened: {}", plain(word)),
        },
    }
}

/// `ERR_CONNECTION_RESET` as words.
fn plain(word: &str) -> String {
    word.trim_start_matches("ERR_")
        .replace('_', " ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn net_errors_become_reasons() {
        let host = || "shop.example".to_owned();
        let of = |word| from_net_error(word, host());
        assert_eq!(
            of("net::ERR_NAME_NOT_RESOLVED"),
            PageError::Dns { host: host() }
        );
        assert_eq!(
            of("net::ERR_CERT_DATE_INVALID"),
            PageError::Tls {
                host: host(),
                message: "cert date invalid".into()
            }
        );
        assert!(matches!(
            of("net::ERR_CONNECTION_REFUSED"),
            PageError::Connect { .. }
        ));
        assert!(matches!(
            of("net::ERR_TOO_MANY_REDIRECTS"),
            PageError::TooManyRedirects { .. }
        ));
        let PageError::Protocol { message } = of("net::ERR_INVALID_RESPONSE") else {
            panic!("an unknown word is kept in words");
        };
        assert_eq!(
            message,
            "shop.example could not be opened: invalid response"
        );
    }
}
