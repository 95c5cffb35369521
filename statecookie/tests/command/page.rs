//! `docs/operations.md`: its commands, run as they stand there, and its outputs, which are those of `said/`.

use std::path::{Path, PathBuf};

use crate::kit::{Folder, good, named, states};

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md")
}

#[test]
fn the_commands_of_the_page_run_in_their_order() {
    let page = std::fs::read_to_string(page()).unwrap();
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

/// Behind each mark stands the output of that name, without how it ends; `BLESS=1` puts it there.
#[test]
fn the_outputs_of_the_page_are_those_of_the_program() {
    let kept = std::fs::read_to_string(page()).unwrap();
    let (mut made, mut outputs) = (String::new(), 0);
    let mut lines = kept.lines().peekable();
    while let Some(line) = lines.next() {
        made += &format!("{line}\n");
        let name = line.strip_prefix("<!-- said/");
        let Some(name) = name.and_then(|name| name.strip_suffix(" -->")) else {
            continue;
        };
        if lines.peek() == Some(&"```text") {
            let _ = lines.by_ref().find(|line| *line == "```");
        }
        let said = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/command/said")
            .join(name);
        let said = std::fs::read_to_string(said).unwrap();
        let said = said.rsplit_once("[ends with").unwrap().0;
        made += &format!("```text\n{said}```\n");
        outputs += 1;
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(page(), &made).unwrap();
    } else {
        assert_eq!(made, kept, "BLESS=1 rewrites the page");
    }
    assert_eq!(outputs, 4);
}
