//! Whose turn it is. Each run has a lane of simple and one of browser jobs, with a few of its next jobs
//! in memory; runs take turns, and a site that has enough visitors is passed over.

use std::collections::{HashMap, VecDeque};

use url::Url;

/// A lane with fewer jobs than this asks for more.
const LOW: usize = 16;
const BATCH: usize = 48;
/// Jobs in memory over all lanes, roughly.
const IN_MEMORY: usize = 4_096;

/// Pages of one site opened at once.
pub const SITE_PAGES: usize = 32;

/// A job that waits or is worked off.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Job {
    pub id: i64,
    pub run: i64,
    pub browser: bool,
    pub url: String,
    pub custom_id: Option<String>,
    /// JSON of the request, read when its turn comes.
    pub request: String,
    pub host: String,
}

/// Jobs that a lane wants from the database.
#[derive(Debug, Clone, PartialEq)]
pub struct Want {
    pub run: i64,
    pub browser: bool,
    /// Those behind this one.
    pub after: i64,
    pub count: usize,
}

/// What was found for a [`Want`].
#[derive(Debug)]
pub struct Found {
    pub want: Want,
    pub jobs: Vec<Job>,
    /// There are no more behind these.
    pub is_end: bool,
}

#[derive(Default)]
pub struct Lanes {
    simple: VecDeque<Lane>,
    browser: VecDeque<Lane>,
    visitors: HashMap<String, usize>,
}

struct Lane {
    run: i64,
    after: i64,
    waiting: VecDeque<Job>,
    is_end: bool,
}

impl Lanes {
    pub fn add_run(&mut self, run: i64) {
        for lanes in [&mut self.simple, &mut self.browser] {
            lanes.push_back(Lane {
                run,
                after: 0,
                waiting: VecDeque::new(),
                is_end: false,
            });
        }
    }

    /// The next job, of the run that waited longest. [`Lanes::ended`] must be told of its end.
    pub fn next(&mut self, browser: bool) -> Option<Job> {
        let visitors = &self.visitors;
        let has_room = |job: &Job| visitors.get(&job.host).is_none_or(|now| *now < SITE_PAGES);
        let lanes = if browser {
            &mut self.browser
        } else {
            &mut self.simple
        };
        let (turn, place) = lanes
            .iter()
            .enumerate()
            .find_map(|(turn, lane)| Some((turn, lane.waiting.iter().position(has_room)?)))?;
        let mut lane = lanes.remove(turn)?;
        let job = lane.waiting.remove(place)?;
        if !lane.is_over() {
            lanes.push_back(lane);
        }
        *self.visitors.entry(job.host.clone()).or_default() += 1;
        Some(job)
    }

    pub fn ended(&mut self, host: &str) {
        let Some(visitors) = self.visitors.get_mut(host) else {
            return;
        };
        *visitors -= 1;
        if *visitors == 0 {
            self.visitors.remove(host);
        }
    }

    /// What to read next; the same until [`Lanes::fill`] is told.
    pub fn wants(&self) -> Vec<Want> {
        let lanes = self.simple.len() + self.browser.len();
        let count = (IN_MEMORY / lanes.max(1)).clamp(2, BATCH);
        let low = LOW.min(count);
        let kinds = [(false, &self.simple), (true, &self.browser)];
        let wants = kinds.into_iter().flat_map(|(browser, lanes)| {
            let hungry = lanes
                .iter()
                .filter(|lane| !lane.is_end && lane.waiting.len() < low);
            hungry.map(move |lane| Want {
                run: lane.run,
                browser,
                after: lane.after,
                count,
            })
        });
        wants.collect()
    }

    pub fn fill(&mut self, found: Found) {
        let lanes = if found.want.browser {
            &mut self.browser
        } else {
            &mut self.simple
        };
        let Some(place) = lanes.iter().position(|lane| lane.run == found.want.run) else {
            return;
        };
        let Some(lane) = lanes.get_mut(place) else {
            return;
        };
        if let Some(last) = found.jobs.last() {
            lane.after = last.id;
        }
        lane.waiting.extend(found.jobs);
        lane.is_end = found.is_end;
        if lane.is_over() {
            lanes.remove(place);
        }
    }

    /// Whether a job of this kind waits, be its site busy or not.
    pub fn has_waiting(&self, browser: bool) -> bool {
        let lanes = if browser { &self.browser } else { &self.simple };
        lanes.iter().any(|lane| !lane.waiting.is_empty())
    }
}

impl Lane {
    fn is_over(&self) -> bool {
        self.is_end && self.waiting.is_empty()
    }
}

/// By what a job's site is known.
pub fn host_of(url: &str) -> String {
    Url::parse(url.trim())
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(runs: &[(i64, usize, &str)]) -> Lanes {
        let mut lanes = Lanes::default();
        for (run, jobs, host) in runs {
            lanes.add_run(*run);
            let jobs = (0..*jobs).map(|number| Job {
                id: run * 1_000 + i64::try_from(number).expect("few"),
                run: *run,
                host: (*host).to_owned(),
                ..Job::default()
            });
            let want = lanes
                .wants()
                .into_iter()
                .find(|want| want.run == *run && !want.browser);
            lanes.fill(Found {
                want: want.expect("a new lane is hungry"),
                jobs: jobs.collect(),
                is_end: true,
            });
        }
        lanes
    }

    #[test]
    fn a_small_run_does_not_wait_for_a_large_one() {
        let mut lanes = filled(&[(1, 500, "a.example"), (2, 3, "b.example")]);
        let runs: Vec<i64> = (0..7)
            .filter_map(|_| lanes.next(false))
            .map(|job| job.run)
            .collect();
        assert_eq!(runs, [1, 2, 1, 2, 1, 2, 1], "they take turns");
    }

    #[test]
    fn a_busy_site_is_passed_over_and_comes_back() {
        let mut lanes = filled(&[(1, 500, "busy.example"), (2, 1, "calm.example")]);
        let taken: Vec<Job> = std::iter::from_fn(|| lanes.next(false)).collect();
        assert_eq!(
            taken.len(),
            SITE_PAGES + 1,
            "one site has its limit, the other its job"
        );
        assert!(lanes.has_waiting(false), "the rest waits");
        lanes.ended("busy.example");
        assert_eq!(lanes.next(false).map(|job| job.run), Some(1));
        assert_eq!(lanes.next(false), None);
    }

    #[test]
    fn lanes_ask_while_they_are_low_and_go_when_they_are_empty() {
        let mut lanes = filled(&[(7, 2, "a.example")]);
        let wants = lanes.wants();
        assert_eq!(
            wants.len(),
            1,
            "only the browser lane is not known to be at its end"
        );
        for want in wants {
            lanes.fill(Found {
                want,
                jobs: Vec::new(),
                is_end: true,
            });
        }
        while lanes.next(false).is_some() {}
        assert!(
            lanes.simple.is_empty() && lanes.browser.is_empty(),
            "nothing is kept of an ended run"
        );
    }
}
