//! Settings, draft and accounts on disk: forgiving, never overwritten unread.

use std::fs;

use scrapingpros_core::ErrorCode;
use scrapingpros_core::scrape::{FieldForm, ScrapeForm, StepForm, StepKind, StepState};
use scrapingpros_core::settings::{Settings, Theme};
use tempfile::TempDir;

use crate::{Bench, FaultyStore, open};

#[tokio::test]
async fn settings_survive_a_restart_and_odd_fields_cost_only_themselves() {
    let mut bench = Bench::new().await;
    let wanted = Settings {
        theme: Theme::Dark,
        give_up_seconds: 45,
        ..Settings::default()
    };
    bench.core.settings.update(wanted.clone()).await.unwrap();
    bench.restart().await;
    assert_eq!(bench.core.settings.read(), wanted, "as left");

    let file = bench.folder.path().join("data/settings.json");
    let odd = r#"{"version": 1, "settings":
        {"theme": 7, "give_up_seconds": 33, "from_the_future": [1], "csv": "semicolons"}}"#;
    fs::write(&file, odd).unwrap();
    bench.restart().await;
    let expected = Settings {
        give_up_seconds: 33,
        ..Settings::default()
    };
    assert_eq!(bench.core.settings.read(), expected, "field by field");
    assert!(
        bench.core.start_view().await.unwrap().notices.is_empty(),
        "nothing a person must know"
    );
}

#[tokio::test]
async fn unreadable_files_are_set_aside_with_a_notice() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    fs::create_dir_all(&data).unwrap();
    let broken = [
        ("settings.json", "{\"version\": 1, \"sett"),
        ("accounts.json", "{\"version\": 2, \"book\": {}}"),
        ("draft.json", "[]"),
    ];
    for (name, text) in broken {
        fs::write(data.join(name), text).unwrap();
    }
    let core = open(&folder, &FaultyStore::new()).await.unwrap();
    let start = core.start_view().await.unwrap();
    assert_eq!(start.settings, Settings::default(), "starts anew");
    assert_eq!(start.draft, ScrapeForm::default());
    assert_eq!(start.notices.len(), 3, "{:?}", start.notices);
    for (name, text) in broken {
        let aside = fs::read_dir(&data)
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.to_string_lossy().contains(&format!("{name}.broken-")));
        let aside = aside.unwrap_or_else(|| panic!("{name} was not set aside"));
        assert_eq!(fs::read_to_string(&aside).unwrap(), text, "untouched");
        assert!(
            start
                .notices
                .iter()
                .any(|n| n.text.contains(&*aside.to_string_lossy())),
            "the notice says where {name} is"
        );
    }
    let id = start.notices[0].id.clone();
    core.library.dismiss_notice(id).await.unwrap();
    assert_eq!(
        core.start_view().await.unwrap().notices.len(),
        2,
        "dismissed"
    );
}

#[tokio::test]
async fn settings_that_make_no_sense_are_named_and_not_written() {
    let bench = Bench::new().await;
    let odd = Settings {
        give_up_seconds: 5,
        save_folder: "pictures".into(),
        allowed_hosts: vec![
            "localhost:3000".into(),
            "two words".into(),
            "a:99999".into(),
        ],
        ..Settings::default()
    };
    let error = bench.core.settings.update(odd).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidForm);
    let fields: Vec<&str> = error.problems.iter().map(|p| p.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "give_up_seconds",
            "save_folder",
            "allowed_hosts.1",
            "allowed_hosts.2"
        ]
    );
    assert_eq!(bench.core.settings.read(), Settings::default(), "unchanged");

    let typed = Settings {
        allowed_hosts: [
            " LOCALHOST:3000 ",
            "",
            "http://192.168.1.20:80/x",
            "[::1]:9",
            "nas",
        ]
        .map(String::from)
        .to_vec(),
        ..Settings::default()
    };
    let now = bench.core.settings.update(typed).await.unwrap();
    assert_eq!(
        now.allowed_hosts,
        ["localhost:3000", "192.168.1.20", "[::1]:9", "nas"],
        "as the engine compares them"
    );
}

#[tokio::test]
async fn the_draft_comes_back_as_it_was_left() {
    let mut bench = Bench::new().await;
    let draft = ScrapeForm {
        address: "shop.exam".into(),
        browser: true,
        extract: vec![FieldForm {
            name: "price".into(),
            ..FieldForm::default()
        }],
        steps: vec![StepForm {
            kind: StepKind::Wait,
            selector: "typed for a click".into(),
            text: String::new(),
            time: 500,
            state: StepState::Default,
            optional: true,
            wait_for_navigation: false,
            while_visible: true,
            max_rounds: 20,
            steps: Vec::new(),
            extract: Vec::new(),
        }],
        ..ScrapeForm::default()
    };
    bench.core.scrapes.save_draft(draft.clone()).await.unwrap();
    bench.restart().await;
    let start = bench.core.start_view().await.unwrap();
    assert_eq!(start.draft, draft, "also what is not valid yet");
}

#[tokio::test]
async fn two_apps_do_not_share_a_folder_and_others_can_not_look_in() {
    let bench = Bench::new().await;
    let second = open(&bench.folder, &bench.keychain).await;
    assert!(
        second.is_err_and(|error| error.code == ErrorCode::Storage),
        "the second would call the first one's scrapes interrupted"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(bench.folder.path().join("data"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o700, "pages and cookies are private");
    }
}
