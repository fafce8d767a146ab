//! Where Chrome, Chromium, Edge and Brave are installed on Linux, macOS and Windows.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::InstalledBrowser;

/// Names a browser to use before all others.
pub const OVERRIDE: &str = "SCRAPINGPROS_BROWSER";

/// What the search asks of a computer; scripted in tests.
pub trait Computer {
    fn env(&self, name: &str) -> Option<OsString>;
    fn is_program(&self, path: &Path) -> bool;
}

/// This computer.
pub struct Here;

impl Computer for Here {
    fn env(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn is_program(&self, path: &Path) -> bool {
        path.is_file()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Linux,
    MacOs,
    Windows,
}

impl System {
    pub const fn this() -> Self {
        if cfg!(target_os = "windows") {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Linux
        }
    }
}

/// The first that exists, best known first.
pub fn installed(system: System, computer: &impl Computer) -> Option<InstalledBrowser> {
    candidates(system, computer)
        .into_iter()
        .find(|candidate| computer.is_program(&candidate.path))
}

/// For the message that none was found.
pub fn looked_for(system: System, computer: &impl Computer) -> String {
    let places: Vec<_> = candidates(system, computer)
        .iter()
        .map(|candidate| candidate.path.display().to_string())
        .collect();
    format!("Chrome, Chromium, Edge and Brave at {}", places.join(", "))
}

fn candidates(system: System, computer: &impl Computer) -> Vec<InstalledBrowser> {
    let chosen = computer
        .env(OVERRIDE)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .map(|path| InstalledBrowser {
            name: name_of(&path),
            path,
        });
    let usual = match system {
        System::Linux => on_linux(computer),
        System::MacOs => on_macos(computer),
        System::Windows => on_windows(computer),
    };
    chosen.into_iter().chain(usual).collect()
}

fn name_of(path: &Path) -> String {
    let path = path.to_string_lossy().to_lowercase();
    let known = [
        ("msedge", "Microsoft Edge"),
        ("microsoft", "Microsoft Edge"),
        ("brave", "Brave"),
        ("chromium", "Chromium"),
        ("chrome", "Google Chrome"),
    ];
    known
        .iter()
        .find(|(part, _)| path.contains(part))
        .map_or("The chosen browser", |(_, name)| name)
        .to_owned()
}

fn on_linux(computer: &impl Computer) -> Vec<InstalledBrowser> {
    const PROGRAMS: [(&str, &str); 8] = [
        ("google-chrome-stable", "Google Chrome"),
        ("google-chrome", "Google Chrome"),
        ("chromium", "Chromium"),
        ("chromium-browser", "Chromium"),
        ("microsoft-edge-stable", "Microsoft Edge"),
        ("microsoft-edge", "Microsoft Edge"),
        ("brave-browser", "Brave"),
        ("brave", "Brave"),
    ];
    const ELSEWHERE: [(&str, &str); 10] = [
        ("/opt/google/chrome/chrome", "Google Chrome"),
        ("/usr/lib/chromium/chromium", "Chromium"),
        ("/opt/microsoft/msedge/msedge", "Microsoft Edge"),
        ("/opt/brave.com/brave/brave", "Brave"),
        ("/snap/bin/chromium", "Chromium"),
        ("/snap/bin/brave", "Brave"),
        (
            "/var/lib/flatpak/exports/bin/com.google.Chrome",
            "Google Chrome",
        ),
        (
            "/var/lib/flatpak/exports/bin/org.chromium.Chromium",
            "Chromium",
        ),
        (
            "/var/lib/flatpak/exports/bin/com.microsoft.Edge",
            "Microsoft Edge",
        ),
        ("/var/lib/flatpak/exports/bin/com.brave.Browser", "Brave"),
    ];
    let folders: Vec<PathBuf> = computer
        .env("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    let on_path = PROGRAMS.iter().flat_map(|&(program, name)| {
        folders.iter().map(move |folder| InstalledBrowser {
            name: name.to_owned(),
            path: folder.join(program),
        })
    });
    let elsewhere = ELSEWHERE.iter().map(|(path, name)| InstalledBrowser {
        name: (*name).to_owned(),
        path: PathBuf::from(path),
    });
    on_path.chain(elsewhere).collect()
}

fn on_macos(computer: &impl Computer) -> Vec<InstalledBrowser> {
    const APPS: [&str; 4] = [
        "Google Chrome",
        "Chromium",
        "Microsoft Edge",
        "Brave Browser",
    ];
    let home = computer
        .env("HOME")
        .map(|home| PathBuf::from(home).join("Applications"));
    let folders = [Some(PathBuf::from("/Applications")), home];
    APPS.iter()
        .flat_map(|app| {
            folders
                .iter()
                .flatten()
                .map(move |folder| InstalledBrowser {
                    name: app.trim_end_matches(" Browser").to_owned(),
                    path: folder.join(format!("{app}.app/Contents/MacOS/{app}")),
                })
        })
        .collect()
}

fn on_windows(computer: &impl Computer) -> Vec<InstalledBrowser> {
    const PROGRAMS: [(&[&str], &str); 4] = [
        (
            &["Google", "Chrome", "Application", "chrome.exe"],
            "Google Chrome",
        ),
        (&["Chromium", "Application", "chrome.exe"], "Chromium"),
        (
            &["Microsoft", "Edge", "Application", "msedge.exe"],
            "Microsoft Edge",
        ),
        (
            &["BraveSoftware", "Brave-Browser", "Application", "brave.exe"],
            "Brave",
        ),
    ];
    const FOLDERS: [&str; 3] = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"];
    let folders: Vec<PathBuf> = FOLDERS
        .iter()
        .filter_map(|folder| computer.env(folder).map(PathBuf::from))
        .collect();
    PROGRAMS
        .iter()
        .flat_map(|&(parts, name)| {
            folders.iter().map(move |folder| InstalledBrowser {
                name: name.to_owned(),
                path: parts
                    .iter()
                    .fold(folder.clone(), |path, part| path.join(part)),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[derive(Default)]
    struct Scripted {
        env: HashMap<&'static str, &'static str>,
        programs: Vec<PathBuf>,
    }

    impl Computer for Scripted {
        fn env(&self, name: &str) -> Option<OsString> {
            self.env.get(name).map(OsString::from)
        }

        fn is_program(&self, path: &Path) -> bool {
            self.programs.iter().any(|program| program == path)
        }
    }

    fn computer(env: &[(&'static str, &'static str)], programs: &[&Path]) -> Scripted {
        Scripted {
            env: env.iter().copied().collect(),
            programs: programs.iter().map(|path| path.to_path_buf()).collect(),
        }
    }

    #[test]
    fn linux_prefers_chrome_over_chromium_wherever_they_are_on_the_path() {
        let path = std::env::join_paths(["/usr/bin", "/home/a/bin"]).unwrap();
        let path = path.into_string().unwrap().leak();
        let chromium = Path::new("/usr/bin").join("chromium");
        let chrome = Path::new("/home/a/bin").join("google-chrome");
        let both = computer(&[("PATH", path)], &[&chromium, &chrome]);
        let found = installed(System::Linux, &both).unwrap();
        assert_eq!(found.name, "Google Chrome", "Chrome is tried first");
        assert_eq!(found.path, chrome);

        let one = computer(&[("PATH", path)], &[&chromium]);
        assert_eq!(installed(System::Linux, &one).unwrap().name, "Chromium");
    }

    #[test]
    fn linux_knows_snap_and_flatpak() {
        let snap = computer(&[], &[Path::new("/snap/bin/chromium")]);
        assert_eq!(installed(System::Linux, &snap).unwrap().name, "Chromium");
        let edge = Path::new("/var/lib/flatpak/exports/bin/com.microsoft.Edge");
        let flatpak = computer(&[], &[edge]);
        assert_eq!(installed(System::Linux, &flatpak).unwrap().path, edge);
    }

    #[test]
    fn macos_looks_into_both_applications_folders() {
        let brave = Path::new("/Users/a/Applications")
            .join("Brave Browser.app/Contents/MacOS/Brave Browser");
        let mac = computer(&[("HOME", "/Users/a")], &[&brave]);
        let found = installed(System::MacOs, &mac).unwrap();
        assert_eq!((found.name.as_str(), found.path), ("Brave", brave));
    }

    #[test]
    fn windows_looks_where_the_system_says_programs_are() {
        let edge = ["Microsoft", "Edge", "Application", "msedge.exe"]
            .iter()
            .fold(PathBuf::from("D:/Programs"), |path, part| path.join(part));
        let windows = computer(&[("ProgramFiles(x86)", "D:/Programs")], &[&edge]);
        let found = installed(System::Windows, &windows).unwrap();
        assert_eq!((found.name.as_str(), found.path), ("Microsoft Edge", edge));
    }

    #[test]
    fn the_chosen_browser_comes_first_on_every_system() {
        let own = Path::new("/opt/my/chromium-dev");
        for system in [System::Linux, System::MacOs, System::Windows] {
            let chosen = computer(&[(OVERRIDE, "/opt/my/chromium-dev")], &[own]);
            let found = installed(system, &chosen).unwrap();
            assert_eq!(found.path, own, "{system:?}");
            assert_eq!(found.name, "Chromium");
        }
    }

    #[test]
    fn nothing_found_says_where_it_looked() {
        for (system, place) in [
            (System::Linux, "/snap/bin/chromium"),
            (System::MacOs, "/Applications"),
            (System::Windows, "msedge.exe"),
        ] {
            let bare = computer(&[("ProgramFiles", "C:/Program Files")], &[]);
            assert_eq!(installed(system, &bare), None);
            let said = looked_for(system, &bare);
            assert!(
                said.contains(place),
                "{system:?} should name {place}: {said}"
            );
        }
    }
}
