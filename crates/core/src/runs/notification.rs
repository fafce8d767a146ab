//! What the desktop tells of a run that has ended: in words, for somebody who looks elsewhere.

use super::{RunState, RunSummary};
use crate::settings::Settings;

/// A desktop notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub title: String,
    /// Only words of this app: some desktops read markup here.
    pub body: String,
}

/// None when the person does not want it, or sees the window anyway.
pub fn notification(
    run: &RunSummary,
    settings: &Settings,
    window_focused: bool,
) -> Option<Notification> {
    if !settings.notify_runs || window_focused || run.state != RunState::Finished {
        return None;
    }
    let failed = run.failed + run.timed_out;
    let mut counts = match (run.success, failed) {
        (success, 0) => format!("{} scraped", pages(success)),
        (0, failed) if failed == run.queued => format!("None of {} was scraped", pages(failed)),
        (success, failed) => format!("{} scraped, {} failed", pages(success), grouped(failed)),
    };
    if run.refused > 0 {
        counts = format!(
            "{counts}, {} not taken by the service",
            grouped(run.refused)
        );
    }
    let credits = match run.credits {
        _ if run.local => String::new(),
        1 => " 1 credit.".to_owned(),
        credits => format!(" {} credits.", grouped(credits)),
    };
    Some(Notification {
        title: format!("“{}” is done", run.collection_name.trim()),
        body: format!("Run {}: {counts}.{credits}", run.number),
    })
}

fn pages(count: u32) -> String {
    match count {
        1 => "1 page".to_owned(),
        count => format!("{} pages", grouped(count)),
    }
}

/// `41,250`, as everywhere in the app.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(success: u32, failed: u32, timed_out: u32) -> RunSummary {
        let queued = success + failed + timed_out;
        RunSummary {
            id: "r".into(),
            number: 14,
            collection_id: "c".into(),
            collection_name: "Autumn price check".into(),
            account_name: "Acme".into(),
            local: false,
            state: RunState::Finished,
            submitted: queued,
            left_out: 0,
            refused: 0,
            duplicates: 0,
            queued,
            success,
            failed,
            timed_out,
            waiting: 0,
            ceiling: 100,
            credits: 1_480,
            refunded: 0,
            started_at: 1,
            ended_at: Some(2),
        }
    }

    fn told(run: &RunSummary) -> String {
        let told = notification(run, &Settings::default(), false).expect("it is told");
        assert_eq!(told.title, "“Autumn price check” is done");
        told.body
    }

    #[test]
    fn the_counts_are_told_in_words() {
        let body = told(&ended(41_250, 20, 3));
        assert_eq!(
            body,
            "Run 14: 41,250 pages scraped, 23 failed. 1,480 credits."
        );
        let body = told(&ended(289, 0, 0));
        assert_eq!(body, "Run 14: 289 pages scraped. 1,480 credits.");
        let body = told(&ended(1, 0, 0));
        assert_eq!(body, "Run 14: 1 page scraped. 1,480 credits.");
        let body = told(&ended(0, 2, 0));
        assert_eq!(body, "Run 14: None of 2 pages was scraped. 1,480 credits.");
        let refused = RunSummary {
            refused: 4,
            credits: 1,
            ..ended(5, 0, 0)
        };
        assert_eq!(
            told(&refused),
            "Run 14: 5 pages scraped, 4 not taken by the service. 1 credit."
        );
        let local = RunSummary {
            local: true,
            ..ended(5, 0, 0)
        };
        assert_eq!(told(&local), "Run 14: 5 pages scraped.", "here nobody pays");
    }

    #[test]
    fn who_looks_or_does_not_want_it_is_not_told() {
        let run = ended(5, 0, 0);
        let wanted = Settings::default();
        assert_eq!(
            notification(&run, &wanted, true),
            None,
            "the window is in front"
        );
        let unwanted = Settings {
            notify_runs: false,
            ..wanted.clone()
        };
        assert_eq!(
            notification(&run, &unwanted, false),
            None,
            "it was turned off"
        );
        for state in [
            RunState::Sending,
            RunState::Running,
            RunState::NotStarted,
            RunState::WatchingStopped,
        ] {
            let run = RunSummary {
                state,
                ..run.clone()
            };
            assert_eq!(
                notification(&run, &wanted, false),
                None,
                "{state:?} is no end"
            );
        }
    }
}
