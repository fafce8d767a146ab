//! The walls of the house: arrows point down only.

use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Names of all packages below `package`.
fn below(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--package", package])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .skip(1)
        .filter_map(|line| line.split(' ').next().map(str::to_owned))
        .collect()
}

#[test]
fn each_crate_knows_only_what_stands_below_it() {
    let walls: [(&str, &[&str]); 3] = [
        (
            "scrapingpros",
            &[
                "tauri",
                "keyring-core",
                "rusqlite",
                "local-engine",
                "scrapingpros-core",
            ],
        ),
        (
            "local-engine",
            &["tauri", "keyring-core", "scrapingpros-core"],
        ),
        ("scrapingpros-core", &["tauri", "wry", "tao"]),
    ];
    for (package, forbidden) in walls {
        let known = below(package);
        assert!(known.len() > 10, "{package} has dependencies to look at");
        for name in forbidden {
            assert!(
                !known.iter().any(|known| known == name),
                "{package} must not know {name}"
            );
        }
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let output = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "*.rs", "*.ts", "*.svelte", "*.css", "*.sh"])
        .output()
        .unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let long: Vec<String> = listed
        .lines()
        .filter(|name| !name.ends_with("bindings.ts"))
        .filter_map(|name| {
            let lines = std::fs::read_to_string(root().join(name))
                .ok()?
                .lines()
                .count();
            (lines > 500).then(|| format!("{name}: {lines} lines"))
        })
        .collect();
    assert_eq!(long, Vec::<String>::new(), "split by noun");
}
