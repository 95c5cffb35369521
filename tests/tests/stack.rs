//! The stack of every worst case: 64 KiB suffice, or 256 KiB where nothing is optimised.
#![forbid(unsafe_code)]

use std::process::{Command, Output};

/// Rust's own threads have 2 MiB.
const STACK: usize = if cfg!(debug_assertions) { 256 } else { 64 } * 1024;

#[test]
fn every_worst_case_runs_on_a_small_stack() {
    let run = resources(&["stack", &STACK.to_string()]);
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "the last of these: {said}");
    println!("{}", said.lines().last().unwrap());
}

#[test]
fn a_decoder_without_a_bound_on_depth_does_not() {
    let run = resources(&["control", &STACK.to_string()]);
    assert!(!run.status.success());
    assert!(String::from_utf8_lossy(&run.stderr).contains("overflow"));
}

fn resources(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_resources"));
    program.args(arguments).output().unwrap()
}
