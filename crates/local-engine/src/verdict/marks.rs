//! Words in a page's source that tell what kind of page it is, all looked for in one pass.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// What is on a challenge page and whose it is; the first of this list that is there counts. Empty:
/// nobody's in particular.
const CAPTCHAS: [(&str, &str); 30] = [
    ("captcha-delivery.com", "datadome"),
    ("geo.captcha-delivery", "datadome"),
    ("px-captcha", "perimeterx"),
    ("perimeterx", "perimeterx"),
    ("/cdn-cgi/challenge-platform/", "cloudflare"),
    ("challenges.cloudflare.com", "cloudflare"),
    ("cf-turnstile", "cloudflare"),
    ("cf-challenge", "cloudflare"),
    ("cf_chl_opt", "cloudflare"),
    ("_incapsula_resource", "imperva"),
    ("awswafintegration", "aws_waf"),
    ("www.google.com/sorry/", "google"),
    ("g-recaptcha", "recaptcha"),
    ("google.com/recaptcha", "recaptcha"),
    ("recaptcha.net", "recaptcha"),
    ("h-captcha", "hcaptcha"),
    ("hcaptcha.com", "hcaptcha"),
    ("verify you are human", ""),
    ("verify that you are human", ""),
    ("are you a robot", ""),
    ("i'm not a robot", ""),
    ("i am not a robot", ""),
    ("confirm you are human", ""),
    ("confirm that you are human", ""),
    ("prove you are human", ""),
    ("prove that you are human", ""),
    ("checking your browser before", ""),
    ("enable javascript and cookies to continue", ""),
    ("unusual traffic from your computer network", ""),
    ("press & hold to confirm", ""),
];

type Note = fn(&mut Marks);

const OTHERS: [(&str, Note); 9] = [
    ("access denied", |marks| marks.denied = true),
    ("errors.edgesuite.net", |marks| marks.akamai = true),
    ("password", |marks| marks.password = true),
    ("application/ld+json", |marks| marks.structured = true),
    ("itemscope", |marks| marks.structured = true),
    ("property=\"og:", |marks| marks.structured = true),
    ("property='og:", |marks| marks.structured = true),
    ("property=og:", |marks| marks.structured = true),
    ("__next_data__", |marks| marks.structured = true),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = CAPTCHAS.iter().map(|(mark, _)| *mark);
    let words = words.chain(OTHERS.iter().map(|(word, _)| *word));
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        // The fastest kind; so few words make it small.
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .inspect_err(|error| tracing::error!(%error, "pages can't be told apart"))
        .ok()
});

/// What a page's source has.
#[derive(Default)]
pub struct Marks {
    /// The captcha's provider.
    pub captcha: Option<&'static str>,
    pub denied: bool,
    pub akamai: bool,
    pub password: bool,
    /// JSON-LD, microdata, OpenGraph or an app's data.
    pub structured: bool,
}

impl Marks {
    pub fn of(html: &str) -> Self {
        let mut marks = Self::default();
        let mut first = CAPTCHAS.len();
        for found in FINDER
            .iter()
            .flat_map(|finder| finder.find_overlapping_iter(html))
        {
            let index = found.pattern().as_usize();
            if index < CAPTCHAS.len() {
                first = first.min(index);
            } else if let Some((_, set)) = OTHERS.get(index - CAPTCHAS.len()) {
                set(&mut marks);
            }
        }
        marks.captcha = CAPTCHAS.get(first).map(|(_, provider)| *provider);
        marks
    }
}
