//! The programs as a person runs them.
#![forbid(unsafe_code)]

use std::process::{Command, Output};

fn shop(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
    command.args(arguments).output().unwrap()
}

fn video(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_video"));
    command.args(arguments);
    command
}

fn quickstart(key: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command.env_remove("STATECOOKIE_KEY");
    command.envs(key.map(|key| ("STATECOOKIE_KEY", key)));
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_visit_outlives_its_servers() {
    let output = shop(&["--quick"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(told.contains("All checks passed"));
    assert!(!told.contains('\x1b'), "no terminal, no escapes");
}

#[test]
fn the_checker_sees_a_spoilt_cart() {
    let output = shop(&["--quick", "--break-it"]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(
        complaint.contains("after the fail-over from A to B, `cart`"),
        "{complaint}"
    );
}

#[test]
fn the_film_goes_on_over_the_corpses_of_its_servers() {
    let output = video(&["--quick"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("All checks passed"));
}

#[test]
fn the_checker_sees_a_film_that_goes_on_at_a_wrong_place() {
    let output = video(&["--quick", "--break-it"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("the film jumped by -"), "{complaint}");
}

#[test]
fn without_ffmpeg_its_sender_says_what_is_missing() {
    let mut command = video(&["--sender", "ffmpeg"]);
    let output = command.env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("ffmpeg does not start"));
}

#[test]
fn the_quick_start_needs_a_key_and_says_how_to_make_one() {
    for key in [None, Some("0123")] {
        let output = quickstart(key);
        assert!(!output.status.success());
        assert!(text(&output.stderr).contains("openssl rand -hex 32"));
    }
    let made: String = (0..32).map(|byte| format!("{byte:02x}")).collect();
    let output = quickstart(Some(&made));
    assert!(output.status.success(), "{}", text(&output.stderr));
}
