//! A month's bill (contract §4.5) as the window shows it, whatever the service makes of its free parts.

use std::collections::BTreeMap;

use scrapingpros::types::{BillingResponse, ClientBilling};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::free_form::{count, field, free_form, line, name_of};
use super::{BillView, ClientUsage, OtherSites, SiteUsage, SitesView};
use crate::accounts::Prices;
use crate::library::narrow;

/// The others are told together.
const MOST_SITES: usize = 200;
const MOST_CLIENTS: usize = 200;

/// What a bill says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bill {
    pub sums: BillView,
    pub clients: Vec<ClientUsage>,
    pub sites: SitesView,
    pub simple_price: u32,
    pub browser_price: u32,
}

/// `prices` are those of the account, for a bill that names none.
pub fn read(answer: &BillingResponse, prices: Prices) -> Bill {
    let stated = answer.credit_system.unwrap_or_default();
    let price = |stated: u64, usual: u32| match narrow(stated) {
        0 => usual,
        credits => credits,
    };
    let simple_price = price(stated.simple_request, prices.simple);
    let browser_price = price(stated.browser_request, prices.browser);
    let mut sums = BillView::default();
    let mut clients = Vec::new();
    for (name, client) in answer.clients.iter() {
        let one = sums_of(client, simple_price, browser_price);
        add(&mut sums, &one);
        clients.push(ClientUsage {
            name: line(name),
            credits: one.credits,
            pages: one.pages,
            success: one.success,
            failed: one.failed,
        });
    }
    clients.sort_by(|a, b| b.credits.cmp(&a.credits).then_with(|| a.name.cmp(&b.name)));
    clients.truncate(MOST_CLIENTS);
    let by_url = answer.clients.values();
    Bill {
        sums,
        clients,
        sites: sites(by_url.filter_map(|client| client.by_url.as_ref())),
        simple_price,
        browser_price,
    }
}

/// A sum that is left out is that of its parts.
fn sums_of(client: &ClientBilling, simple_price: u32, browser_price: u32) -> BillView {
    let or = |stated: u64, parts: u64| if stated == 0 { parts } else { stated };
    let simple = or(
        client.simple_total,
        client.simple_success.saturating_add(client.simple_failed),
    );
    let browser = or(
        client.browser_total,
        client.browser_success.saturating_add(client.browser_failed),
    );
    let success = or(
        client.total_success,
        client.simple_success.saturating_add(client.browser_success),
    );
    let failed = or(
        client.total_failed,
        client.simple_failed.saturating_add(client.browser_failed),
    );
    let charged = |pages: u64, price: u32| pages.saturating_mul(u64::from(price));
    let spent = client.credits.unwrap_or_else(|| {
        let simple = charged(client.simple_success, simple_price);
        let browser = charged(client.browser_success, browser_price);
        scrapingpros::types::CreditsSpent {
            simple,
            browser,
            total: simple.saturating_add(browser),
        }
    });
    BillView {
        credits: narrow(or(spent.total, spent.simple.saturating_add(spent.browser))),
        simple_credits: narrow(spent.simple),
        browser_credits: narrow(spent.browser),
        worked_out: client.credits.is_none(),
        pages: narrow(or(client.total_requests, simple.saturating_add(browser))),
        success: narrow(success),
        failed: narrow(failed),
        simple_success: narrow(client.simple_success),
        simple_failed: narrow(client.simple_failed),
        browser_success: narrow(client.browser_success),
        browser_failed: narrow(client.browser_failed),
    }
}

fn add(sums: &mut BillView, one: &BillView) {
    for (sum, part) in [
        (&mut sums.credits, one.credits),
        (&mut sums.simple_credits, one.simple_credits),
        (&mut sums.browser_credits, one.browser_credits),
        (&mut sums.pages, one.pages),
        (&mut sums.success, one.success),
        (&mut sums.failed, one.failed),
        (&mut sums.simple_success, one.simple_success),
        (&mut sums.simple_failed, one.simple_failed),
        (&mut sums.browser_success, one.browser_success),
        (&mut sums.browser_failed, one.browser_failed),
    ] {
        *sum = sum.saturating_add(part);
    }
    sums.worked_out |= one.worked_out;
}

/// Each `by_url` is an object by name, or a list whose entries name themselves.
fn sites<'a>(answers: impl Iterator<Item = &'a Value>) -> SitesView {
    let mut known: BTreeMap<String, Figures> = BTreeMap::new();
    let (mut unread, mut bare) = (Map::new(), None);
    let mut take = |name: String, value: &Value| match Figures::read(value) {
        Some(figures) => known.entry(name).or_default().add(figures),
        None => {
            unread.insert(name, value.clone());
        }
    };
    for answer in answers {
        match answer {
            Value::Object(sites) => {
                for (name, value) in sites {
                    take(line(name), value);
                }
            }
            Value::Array(entries) => {
                for (place, entry) in entries.iter().enumerate() {
                    let named = name_of(entry).map(|(_, name)| name);
                    take(named.unwrap_or_else(|| (place + 1).to_string()), entry);
                }
            }
            Value::Null => {}
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                bare = Some(answer.clone());
            }
        }
    }
    if let Some(answer) = bare {
        unread.insert("by url".to_owned(), answer);
    }
    let mut rows: Vec<SiteUsage> = known
        .into_iter()
        .map(|(site, figures)| figures.site(site))
        .collect();
    rows.sort_by(|a, b| {
        (b.credits, b.pages)
            .cmp(&(a.credits, a.pages))
            .then_with(|| a.site.cmp(&b.site))
    });
    let rest = rows.split_off(rows.len().min(MOST_SITES));
    let sum =
        |of: fn(&SiteUsage) -> Option<u32>| narrow(rest.iter().filter_map(of).map(u64::from).sum());
    SitesView {
        others: (!rest.is_empty()).then(|| OtherSites {
            count: narrow(rest.len() as u64),
            credits: sum(|site| site.credits),
            pages: sum(|site| site.pages),
        }),
        rows,
        unread: free_form(&Value::Object(unread)),
    }
}

/// What an entry says of its site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Figures {
    credits: Option<u64>,
    pages: Option<u64>,
    success: Option<u64>,
    failed: Option<u64>,
}

impl Figures {
    fn read(value: &Value) -> Option<Self> {
        if let Some(pages) = count(value) {
            return Some(Self {
                pages: Some(pages),
                ..Self::default()
            });
        }
        let credits = field(value, &["credits", "credits_used"])
            .or_else(|| value.get("credits").and_then(|all| field(all, &["total"])));
        let success = field(value, &["success", "total_success", "successful"]);
        let failed = field(value, &["failed", "total_failed", "failures"]);
        let pages = field(
            value,
            &["total", "total_requests", "requests", "pages", "count"],
        );
        let mut figures = Self {
            credits,
            pages: pages.or_else(|| Some(success? + failed.unwrap_or(0))),
            success,
            failed,
        };
        if figures == Self::default() {
            for kind in ["simple", "browser"] {
                if let Some(part) = value.get(kind).and_then(Self::read) {
                    figures.add(part);
                }
            }
        }
        (figures != Self::default()).then_some(figures)
    }

    fn add(&mut self, other: Self) {
        for (sum, part) in [
            (&mut self.credits, other.credits),
            (&mut self.pages, other.pages),
            (&mut self.success, other.success),
            (&mut self.failed, other.failed),
        ] {
            if let Some(part) = part {
                *sum = Some(sum.unwrap_or(0).saturating_add(part));
            }
        }
    }

    fn site(self, site: String) -> SiteUsage {
        SiteUsage {
            site,
            credits: self.credits.map(narrow),
            pages: self.pages.map(narrow),
            success: self.success.map(narrow),
            failed: self.failed.map(narrow),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bill(answer: Value) -> Bill {
        let answer: BillingResponse = serde_json::from_value(answer).expect("a bill");
        read(&answer, Prices::default())
    }

    #[test]
    fn several_clients_are_added_up() {
        let bill = bill(json!({"month": "2026-10", "clients": {
            "a": {"simple_success": 80, "simple_failed": 4, "browser_success": 20, "browser_failed": 1,
                  "credits": {"simple": 80, "browser": 100, "total": 180}},
            "b": {"total_requests": 10, "total_success": 9, "total_failed": 1, "simple_success": 9,
                  "credits": {"total": 999}},
        }}));
        assert_eq!((bill.sums.credits, bill.sums.pages), (1179, 115));
        assert_eq!((bill.sums.success, bill.sums.failed), (109, 6));
        let names: Vec<&str> = bill.clients.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["b", "a"], "the most used first");
        assert!(!bill.sums.worked_out);
    }

    #[test]
    fn credits_that_are_left_out_are_worked_out_and_said_to_be() {
        let bill = bill(json!({
            "clients": {"a": {"simple_success": 3, "simple_failed": 9, "browser_success": 2}},
            "credit_system": {"simple_request": 2, "browser_request": 7}
        }));
        assert_eq!(
            (bill.sums.credits, bill.sums.worked_out),
            (20, true),
            "failed pages are free"
        );
        assert_eq!((bill.simple_price, bill.browser_price), (2, 7));
    }

    #[test]
    fn websites_are_read_in_every_form_that_can_be_told() {
        let one = |by_url: Value| bill(json!({"clients": {"a": {"by_url": by_url}}})).sites;
        let site = |sites: &SitesView| sites.rows.first().cloned().unwrap_or_default();
        let full = one(json!({"a.example": {"total": 3, "success": 2, "failed": 1, "credits": 2}}));
        assert_eq!(
            site(&full),
            SiteUsage {
                site: "a.example".into(),
                credits: Some(2),
                pages: Some(3),
                success: Some(2),
                failed: Some(1)
            }
        );
        assert_eq!(site(&one(json!({"a.example": 12}))).pages, Some(12));
        let nested =
            one(json!({"a.example": {"simple": 4, "browser": {"total": 2, "credits": 10}}}));
        assert_eq!(
            (site(&nested).pages, site(&nested).credits),
            (Some(6), Some(10))
        );
        let list = one(json!([{"domain": "a.example", "requests": "7"}]));
        assert_eq!(
            (site(&list).site.as_str(), site(&list).pages),
            ("a.example", Some(7))
        );
    }

    #[test]
    fn nonsense_costs_only_itself() {
        let sites = bill(json!({"clients": {
            "a": {"by_url": {"a.example": {"deep": [[{"x": -1}]]}, "b.example": 5}},
            "b": {"by_url": "soon"}, "c": "no object", "d": {"by_url": [null, [1], {"url": 7}]},
            "e": {"by_url": {"b.example": 1}},
        }}))
        .sites;
        assert_eq!(sites.rows.len(), 1, "{sites:?}");
        assert_eq!(
            (sites.rows[0].site.as_str(), sites.rows[0].pages),
            ("b.example", Some(6))
        );
        let unread = sites.unread.expect("shown as it is");
        let names: Vec<&str> = unread.rows.iter().map(|row| row.name.as_str()).collect();
        assert!(names.contains(&"a.example › deep › 1 › 1 › x"), "{names:?}");
        assert!(names.contains(&"by url"), "{names:?}");
    }

    #[test]
    fn thousands_of_websites_are_told_together() {
        let many: Map<String, Value> = (0..1_000)
            .map(|n| {
                (
                    format!("{n:04}.example"),
                    json!({"credits": 1_000 - n, "total": 1}),
                )
            })
            .collect();
        let sites = bill(json!({"clients": {"a": {"by_url": many}}})).sites;
        assert_eq!(
            (sites.rows.len(), sites.rows[0].site.as_str()),
            (MOST_SITES, "0000.example")
        );
        let others = sites.others.expect("the rest");
        assert_eq!((others.count, others.pages), (800, 800));
        assert_eq!(others.credits, (1..=800).sum::<u32>());
    }
}
