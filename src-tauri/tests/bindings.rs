//! The committed TypeScript bindings are those of the commands.

use std::path::Path;

#[test]
fn committed_bindings_match_the_commands() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/backend/bindings.ts");
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        desktop::bindings::export(&committed).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("bindings.ts");
    desktop::bindings::export(&fresh).unwrap();
    assert_eq!(
        std::fs::read_to_string(&committed).unwrap(),
        std::fs::read_to_string(&fresh).unwrap(),
        "run `UPDATE_BINDINGS=1 cargo test -p scrapingpros-desktop --test bindings` and commit the result"
    );
}
