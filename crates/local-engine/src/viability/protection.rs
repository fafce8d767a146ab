//! By which headers and cookies the services in front of a site are known. Being behind one is no
//! trouble yet; that is the verdict's business.

use std::collections::BTreeMap;

use crate::page::FetchedPage;

/// Name, what it is looked for in, and whose it is. A header's value may have to contain a word.
const HEADERS: [(&str, &str, &str); 15] = [
    ("cf-ray", "", "cloudflare"),
    ("cf-mitigated", "", "cloudflare"),
    ("server", "cloudflare", "cloudflare"),
    ("server", "akamai", "akamai"),
    ("x-akamai-transformed", "", "akamai"),
    ("x-datadome", "", "datadome"),
    ("x-px-block", "", "perimeterx"),
    ("x-iinfo", "", "imperva"),
    ("x-cdn", "imperva", "imperva"),
    ("x-cdn", "incapsula", "imperva"),
    ("x-amzn-waf-action", "", "aws_waf"),
    ("x-sucuri-id", "", "sucuri"),
    ("x-distil-cs", "", "distil"),
    ("x-kpsdk-ct", "", "kasada"),
    ("server", "ddos-guard", "ddos_guard"),
];

const COOKIES: [(&str, &str); 12] = [
    ("__cf_bm", "cloudflare"),
    ("cf_clearance", "cloudflare"),
    ("_abck", "akamai"),
    ("ak_bmsc", "akamai"),
    ("bm_sz", "akamai"),
    ("datadome", "datadome"),
    ("_px", "perimeterx"),
    ("visid_incap", "imperva"),
    ("incap_ses", "imperva"),
    ("aws-waf-token", "aws_waf"),
    ("__ddg", "ddos_guard"),
    ("reese84", "imperva"),
];

/// Service to the sign that gave it away.
pub fn signs(page: &FetchedPage) -> BTreeMap<&'static str, String> {
    let mut signs = BTreeMap::new();
    for (header, word, service) in HEADERS {
        let seen = page
            .headers
            .iter()
            .any(|(name, value)| name == header && value.to_ascii_lowercase().contains(word));
        if seen {
            signs
                .entry(service)
                .or_insert_with(|| format!("header {header}"));
        }
    }
    for (start, service) in COOKIES {
        if let Some(name) = page.cookies.keys().find(|name| name.starts_with(start)) {
            signs
                .entry(service)
                .or_insert_with(|| format!("cookie {name}"));
        }
    }
    signs
}
