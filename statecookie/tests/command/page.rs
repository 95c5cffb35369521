//! The commands of `docs/operations.md`, run as they stand there.

use std::path::Path;

use crate::kit::{Folder, good, named, states};

#[test]
fn the_commands_of_the_page_run_in_their_order() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let page = std::fs::read_to_string(page).unwrap();
    let folder = Folder::new();
    let file = folder.file();
    let mut ran = 0;
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("statecookie ") {
            let words = rest.split(' ');
            let args: Vec<_> = words
                .map(|word| if word == "keys.toml" { &file } else { word })
                .collect();
            good(&args);
            ran += 1;
        }
    }
    assert_eq!(ran, 4);
    let mut found = states(&file);
    found.sort();
    let expected = [(1, "revoked"), (2, "published"), (3, "signing")];
    assert_eq!(found, named(&expected));
}
