//! What goes to the terminal: text for people, or JSON.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::json;

use crate::fault::Fault;
use crate::page::{Page, wrapped};

/// What a command has to say. No secret has a place in it.
pub(crate) struct Said {
    pub(crate) file: String,
    pub(crate) notes: Vec<String>,
    pub(crate) keys: Vec<Line>,
}

/// A key of the list.
pub(crate) struct Line {
    pub(crate) id: u32,
    pub(crate) state: &'static str,
    pub(crate) times: [String; 3],
}

pub(crate) fn said(said: &Said, json: bool) -> String {
    if json { as_json(said) } else { as_text(said) }
}

/// What there is to say, and whether it is good news.
pub(crate) fn print(text: &str, good: bool) -> ExitCode {
    match written(io::stdout().write_all(text.as_bytes())) && good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

pub(crate) fn fail(fault: &Fault, json: bool) -> ExitCode {
    // Nobody is left to tell if this cannot be written; the exit code says it.
    let _ = if json {
        let text = format!("{}\n", json!({ "error": fault.to_string() }));
        io::stdout().write_all(text.as_bytes())
    } else {
        io::stderr().write_all(format!("statecookie: {fault}\n").as_bytes())
    };
    ExitCode::FAILURE
}

// A reader that has seen enough, such as `head`, is no failure.
fn written(result: io::Result<()>) -> bool {
    match result {
        Ok(()) => true,
        Err(error) => error.kind() == io::ErrorKind::BrokenPipe,
    }
}

fn as_json(said: &Said) -> String {
    let key = |line: &Line| {
        let [activates_at, sign_until, accept_until] = &line.times;
        json!({
            "id": line.id,
            "state": line.state,
            "activates_at": activates_at,
            "sign_until": sign_until,
            "accept_until": accept_until,
        })
    };
    let keys: Vec<_> = said.keys.iter().map(key).collect();
    format!(
        "{}\n",
        json!({ "file": said.file, "notes": said.notes, "keys": keys })
    )
}

fn as_text(said: &Said) -> String {
    let mut page = Page::default();
    for note in &said.notes {
        wrapped(&mut page, "", note);
    }
    let ids: Vec<_> = said.keys.iter().map(|line| line.id.to_string()).collect();
    let width = ids.iter().map(String::len).max().unwrap_or(0).max(2);
    let row = |id: &str, state: &str, [activates, sign, accept]: [&str; 3]| {
        format!("{id:>width$}  {state:<9}  {activates:<20}  {sign:<20}  {accept}")
    };
    let head = ["activates_at", "sign_until", "accept_until"];
    page.line(&row("id", "state", head));
    for (id, line) in ids.iter().zip(&said.keys) {
        page.line(&row(
            id,
            line.state,
            line.times.each_ref().map(String::as_str),
        ));
    }
    page.finish()
}
