//! The video: `cargo run --release -p statecookie-examples --bin video`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use statecookie_examples::Outcome;
use statecookie_examples::video::archive::Archive;
use statecookie_examples::video::film::FRAME_MS;
use statecookie_examples::video::reel::Reel;
use statecookie_examples::video::{report, server, story};

const USAGE: &str = "\
usage: video [--sender own|ffmpeg] [--quick] [--break-it]
  --sender    own: frames made up by the servers (the default); ffmpeg: a real file, its packets relayed
  --quick     a shorter film with the same number of kills
  --break-it  the servers go on at a wrong place; the run must fail";

/// The film's length in frames.
const FRAMES: u32 = 700;
const QUICK_FRAMES: u32 = 300;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nFAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let (mut frames, mut spoil, mut files) = (FRAMES, false, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "server" => return server::serve(),
            "--quick" => frames = QUICK_FRAMES,
            "--break-it" => spoil = true,
            "--sender" => match arguments.next().as_deref() {
                Some("own") => files = false,
                Some("ffmpeg") => files = true,
                _ => return Err(USAGE.into()),
            },
            _ => return Err(USAGE.into()),
        }
    }
    show(frames, files, spoil)
}

fn show(frames: u32, files: bool, spoil: bool) -> Outcome<()> {
    let folder = files.then(tempfile::tempdir).transpose()?;
    let reel = folder.as_ref().map(|folder| Reel::in_folder(folder.path()));
    if let Some(reel) = &reel {
        reel.make(frames)?;
    }
    let sender = if files { "ffmpeg, relayed" } else { "own" };
    println!(
        "  Three servers, one secret, nothing else in common. They send a film as RTP; sender: {sender}.\n"
    );
    let journals = story::run(&Archive::new(frames, reel), spoil)?;
    report::print_cheats(&journals);
    report::print(&journals, frames * FRAME_MS);
    report::check(&journals, story::KILLS)?;
    println!(
        "\n  All checks passed: every frame was the film's, none was left out, and none was repeated from further back than allowed."
    );
    Ok(())
}
