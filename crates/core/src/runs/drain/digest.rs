//! What a row of the jobs listing says, in the form in which it is kept. An inline result is read only
//! as far as its verdict and its title need: its bodies stay as they came.

use scrapingpros::types::{Guidance, InlineResult, Job, JobStatus, JobsPage, ScrapeResponse};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::super::JobOutcome;
use super::super::causes::UNKNOWN;
use super::twin::hash;
use crate::library::{Kinds, LibraryError, PackedFacts, Packer, Packs, narrow};
use crate::results::{Verdict, title, verdict};

/// Stands for a body that is left where it is.
const THERE: &str = "…";

/// Whose pages they are, as far as a row's meaning depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// On this computer nobody pays.
    pub local: bool,
    pub browser: bool,
}

/// A job that has come to an end, ready to be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenJob {
    pub service_job: String,
    pub address: String,
    pub label: String,
    pub outcome: JobOutcome,
    pub cause: String,
    /// JSON; empty without one.
    pub suggestion: String,
    pub stop_reason: String,
    pub duration_ms: Option<u32>,
    pub credits: Option<u32>,
    pub refunded: bool,
    /// Unix milliseconds, by the service's clock.
    pub ended_at: Option<i64>,
    pub data_hash: Option<i64>,
    /// None when there is no result to keep.
    pub result: Option<PackedFacts>,
}

/// Jobs with their answers in the same order, but for those that must be asked for.
pub struct Digested {
    pub jobs: Vec<TakenJob>,
    pub packs: Packs,
    /// Their results were not in the listing.
    pub without_result: Vec<Job>,
}

/// Reads a page, but for rows that `is_known`. Blocks for some milliseconds.
pub fn digest_page(
    page: JobsPage,
    side: Side,
    mut is_known: impl FnMut(&str) -> bool,
) -> Result<Digested, LibraryError> {
    let mut digested = Collector::new(side);
    for job in page.rows.into_iter().flatten() {
        if !job.status.is_terminal() || is_known(&job.job_public_id) {
            continue;
        }
        digested.take(job)?;
    }
    digested.finish()
}

/// Collects jobs and their answers.
pub struct Collector {
    side: Side,
    jobs: Vec<TakenJob>,
    packer: Packer,
    without_result: Vec<Job>,
}

impl Collector {
    pub fn new(side: Side) -> Self {
        Self {
            side,
            jobs: Vec::new(),
            packer: Packer::default(),
            without_result: Vec::new(),
        }
    }

    /// A row of the listing.
    pub fn take(&mut self, job: Job) -> Result<(), LibraryError> {
        match job.status {
            JobStatus::Failed | JobStatus::Timeout => {
                let response = job.synthesised_result();
                self.add_response(&job, response)
            }
            JobStatus::Completed | JobStatus::Processing | JobStatus::Other(_) => {
                let inline = job.result.clone();
                let read = inline.and_then(|result| Some((Glance::of(&job, &result)?, result)));
                match read {
                    Some((glance, result)) => self.add(&job, glance, result.json()),
                    None => {
                        self.without_result.push(Job {
                            result: None,
                            ..job
                        });
                        Ok(())
                    }
                }
            }
        }
    }

    /// A job whose result was asked for on its own.
    pub fn add_response(
        &mut self,
        job: &Job,
        mut response: ScrapeResponse,
    ) -> Result<(), LibraryError> {
        job.complete(&mut response);
        let json = serde_json::to_vec(&response)?;
        let glance = Glance::of_response(job, response);
        self.add(job, glance, &json)
    }

    /// A job whose result the service no longer has.
    pub fn add_without(&mut self, job: &Job, cause: &str) {
        let taken = taken(job, JobOutcome::Failed, cause.to_owned());
        self.jobs.push(taken);
    }

    pub fn finish(self) -> Result<Digested, LibraryError> {
        Ok(Digested {
            jobs: self.jobs,
            packs: self.packer.finish()?,
            without_result: self.without_result,
        })
    }

    fn add(&mut self, job: &Job, glance: Glance, answer: &[u8]) -> Result<(), LibraryError> {
        self.packer.add(answer, &glance.fill)?;
        self.jobs.push(glance.into_job(job, self.side));
        Ok(())
    }
}

/// An answer as far as it was read.
struct Glance {
    /// Without its bodies; [`THERE`] where there is one.
    light: ScrapeResponse,
    guidance: Guidance,
    title: Option<String>,
    data_hash: Option<i64>,
    fill: String,
}

/// The fields of a result, most of them unread.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default)]
    url: Option<&'a RawValue>,
    #[serde(borrow, default)]
    custom_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    html: Option<&'a RawValue>,
    #[serde(borrow, default)]
    markdown: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "statusCode")]
    status_code: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    screenshot: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "executionTime")]
    execution_time: Option<&'a RawValue>,
    #[serde(borrow, default)]
    extracted_data: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "potentiallyBlockedByCaptcha")]
    captcha: Option<&'a RawValue>,
    #[serde(borrow, default)]
    guidance: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body_base64: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body_url: Option<&'a RawValue>,
}

impl Glance {
    /// None when the result is not whole.
    fn of(job: &Job, result: &InlineResult) -> Option<Self> {
        let fast = std::str::from_utf8(result.json())
            .ok()
            .and_then(|json| serde_json::from_str::<Fields<'_>>(json).ok())
            .and_then(|fields| Self::of_fields(job, &fields));
        match fast {
            Some(glance) => {
                let is_whole = glance.light.status_code.is_some()
                    && (glance.light.has_content() || !glance.guidance.success);
                is_whole.then_some(glance)
            }
            // Something in it is odd: read it all.
            None => job
                .inline_result()
                .map(|response| Self::of_response(job, response)),
        }
    }

    fn of_fields(job: &Job, fields: &Fields<'_>) -> Option<Self> {
        let guidance = match fields.guidance {
            Some(raw) => {
                let says: Says = serde_json::from_str(raw.get()).ok()?;
                says.success?;
                Some(serde_json::from_str(raw.get()).ok()?)
            }
            None => None,
        };
        let mut light = ScrapeResponse {
            url: value(fields.url)?,
            custom_id: value(fields.custom_id)?,
            html: body(fields.html)?,
            markdown: body(fields.markdown)?,
            status_code: value(fields.status_code)?,
            message: value(fields.message)?,
            screenshot: body(fields.screenshot)?,
            execution_time: value(fields.execution_time)?,
            extracted_data: data(fields.extracted_data)?,
            potentially_blocked_by_captcha: value(fields.captcha)?,
            guidance,
            body_base64: body(fields.body_base64)?,
            body_url: value(fields.body_url)?,
            ..ScrapeResponse::default()
        };
        let fill = fill(job, &mut light);
        let title = match (fields.html, fields.markdown) {
            (Some(html), _) if light.html.is_some() => html_title(html.get()),
            (_, Some(markdown)) if light.markdown.is_some() => {
                let text: String = serde_json::from_str(markdown.get()).ok()?;
                title::markdown_title(&text)
            }
            (_, _) => None,
        };
        let data_hash = fields
            .extracted_data
            .filter(|_| light.extracted_data.is_some())
            .map(|raw| hash(&[raw.get()]));
        Some(Self::new(job, light, title, data_hash, fill))
    }

    fn of_response(job: &Job, mut response: ScrapeResponse) -> Self {
        let fill = fill(job, &mut response);
        let from_page = response.html.as_deref().and_then(title::page_title);
        let title =
            from_page.or_else(|| response.markdown.as_deref().and_then(title::markdown_title));
        let data = response
            .extracted_data
            .as_ref()
            .filter(|data| !data.is_empty());
        let data_hash = data.map(|data| hash(&[&Value::Object(data.clone()).to_string()]));
        Self::new(job, response, title, data_hash, fill)
    }

    fn new(
        job: &Job,
        light: ScrapeResponse,
        title: Option<String>,
        data_hash: Option<i64>,
        fill: String,
    ) -> Self {
        let mut guidance = light.guidance_or_synthesised(None);
        guidance.success = job.verdict_of(&light) && job.status == JobStatus::Completed;
        Self {
            light,
            guidance,
            title,
            data_hash,
            fill,
        }
    }

    fn into_job(self, job: &Job, side: Side) -> TakenJob {
        let Self {
            light, guidance, ..
        } = self;
        let outcome = match (&job.status, guidance.success) {
            (JobStatus::Timeout, _) => JobOutcome::TimedOut,
            (_, true) => JobOutcome::Success,
            (_, false) => JobOutcome::Failed,
        };
        let cause = if guidance.success {
            String::new()
        } else {
            cause(&guidance, &light)
        };
        let words = verdict::words(
            &light,
            &Guidance {
                error_type: Some(cause.clone()),
                success: guidance.success,
                ..Guidance::default()
            },
        );
        let mut taken = taken(job, outcome, cause);
        taken.credits = if side.local {
            Some(0)
        } else {
            guidance.credits_charged
        };
        let said = light
            .guidance
            .as_ref()
            .and_then(|said| said.credits_refunded);
        taken.refunded = !side.local && said == Some(true) && !guidance.success;
        if !guidance.success {
            taken.suggestion = guidance
                .suggested_request
                .and_then(|request| serde_json::to_string(&request).ok())
                .unwrap_or_default();
            taken.stop_reason = guidance.stop_reason.unwrap_or_default();
        }
        taken.data_hash = self.data_hash;
        let seconds = light.execution_time.map(|time| (time * 1000.0) as u32);
        taken.duration_ms = taken.duration_ms.or(seconds);
        taken.result = Some(facts(&taken, &light, self.title, words.verdict, side));
        taken
    }
}

fn facts(
    job: &TakenJob,
    light: &ScrapeResponse,
    title: Option<String>,
    verdict: Verdict,
    side: Side,
) -> PackedFacts {
    let url = Url::parse(&job.address).ok();
    let named = title.or_else(|| {
        let file = url.as_ref().filter(|_| light.is_binary());
        file.and_then(title::file_title)
    });
    PackedFacts {
        // In the order of time: thousands of new rows then stand side by side.
        id: Uuid::now_v7().to_string(),
        site: url.as_ref().map(title::site).unwrap_or_default(),
        title: named.unwrap_or_else(|| title::short_address(&job.address)),
        verdict,
        browser: side.browser,
        credits: job.credits,
        duration_ms: job.duration_ms.unwrap_or_default(),
        created_at: job
            .ended_at
            .and_then(|ended| (ended / 1000).try_into().ok())
            .unwrap_or_else(now),
        has_picture: light.screenshot.is_some(),
        kinds: kinds(light),
        address: job.address.clone(),
    }
}

fn kinds(light: &ScrapeResponse) -> Kinds {
    let is = |body: &Option<String>| body.as_ref().is_some_and(|text| !text.is_empty());
    let data = light.extracted_data.as_ref();
    Kinds::default()
        .with(Kinds::PAGE, is(&light.html) && !is(&light.body_base64))
        .with(Kinds::MARKDOWN, is(&light.markdown))
        .with(Kinds::SCREENSHOT, is(&light.screenshot))
        .with(Kinds::THUMBNAIL, is(&light.screenshot))
        .with(Kinds::DATA, data.is_some_and(|data| !data.is_empty()))
        .with(Kinds::FILE, is(&light.body_base64))
}

fn taken(job: &Job, outcome: JobOutcome, cause: String) -> TakenJob {
    TakenJob {
        service_job: job.job_public_id.clone(),
        address: job.url.clone().unwrap_or_default(),
        label: job.custom_id.clone().unwrap_or_default(),
        outcome,
        cause,
        suggestion: String::new(),
        stop_reason: String::new(),
        duration_ms: job
            .execution_time()
            .map(|time| narrow(time.as_millis().try_into().unwrap_or(u64::MAX))),
        credits: None,
        refunded: false,
        ended_at: job.completed_at.map(|ended| ended.as_millisecond()),
        data_hash: None,
        result: None,
    }
}

/// Whether guidance states its verdict.
#[derive(Deserialize)]
struct Says {
    #[serde(default)]
    success: Option<bool>,
}

/// The outer `None`: not of this type.
fn value<T: for<'a> Deserialize<'a>>(raw: Option<&RawValue>) -> Option<Option<T>> {
    match raw {
        None => Some(None),
        Some(raw) => serde_json::from_str(raw.get()).ok(),
    }
}

fn body(raw: Option<&RawValue>) -> Option<Option<String>> {
    match raw.map(RawValue::get) {
        None | Some("null") => Some(None),
        Some("\"\"") => Some(Some(String::new())),
        Some(text) => text.starts_with('"').then(|| Some(THERE.to_owned())),
    }
}

fn data(raw: Option<&RawValue>) -> Option<Option<Map<String, Value>>> {
    match raw.map(RawValue::get) {
        None | Some("null") => Some(None),
        Some("{}") => Some(Some(Map::new())),
        Some(text) => text
            .starts_with('{')
            .then(|| Some(Map::from_iter([(THERE.to_owned(), Value::Null)]))),
    }
}

/// Fills from the row what the answer leaves out, and says as JSON what that was.
fn fill(job: &Job, light: &mut ScrapeResponse) -> String {
    let had = (
        light.url.is_some(),
        light.custom_id.is_some(),
        light.guidance.is_some(),
    );
    job.complete(light);
    let mut fields = Map::new();
    if let Some(url) = light.url.as_ref().filter(|_| !had.0) {
        fields.insert("url".into(), url.clone().into());
    }
    if let Some(label) = light.custom_id.as_ref().filter(|_| !had.1) {
        fields.insert("custom_id".into(), label.clone().into());
    }
    if let Some(guidance) = light.guidance.as_ref().filter(|_| !had.2) {
        fields.extend(
            serde_json::to_value(guidance)
                .ok()
                .map(|guidance| ("guidance".to_owned(), guidance)),
        );
    }
    if fields.is_empty() {
        return String::new();
    }
    Value::Object(fields).to_string()
}

fn cause(guidance: &Guidance, light: &ScrapeResponse) -> String {
    let named = guidance
        .error_type
        .as_deref()
        .map(str::trim)
        .unwrap_or_default();
    if !named.is_empty() {
        return named.to_lowercase();
    }
    match light.status_code {
        Some(status) if !(200..300).contains(&status) => format!("http_{status}"),
        Some(_) | None => UNKNOWN.to_owned(),
    }
}

/// The title of a page whose HTML is still JSON. A page is read as a whole only when it has none of its own.
fn html_title(json: &str) -> Option<String> {
    let fast = json.find("<title").and_then(|start| {
        let rest = &json[start..];
        let text = rest.find('>')? + 1;
        let end = rest[text..].find("/title")?;
        let text = rest[text..text + end].trim_end_matches(['<', '\\']);
        let text: String = serde_json::from_str(&format!("\"{text}\"")).ok()?;
        Some(title::plain(&text)).filter(|title| !title.is_empty())
    });
    if fast.is_some() {
        return fast;
    }
    let may_have = ["<TITLE", "<Title", "og:title"]
        .iter()
        .any(|mark| json.contains(mark));
    if !may_have {
        return None;
    }
    let html: String = serde_json::from_str(json).ok()?;
    title::page_title(&html)
}

fn now() -> u32 {
    OffsetDateTime::now_utc()
        .unix_timestamp()
        .try_into()
        .unwrap_or(0)
}
