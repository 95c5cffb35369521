//! What may stand on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as Options, Parser, Subcommand};
use statecookie::{KeyPolicy, Timestamp};

const AFTER: &str = "\
No output holds a key; private values are shown on request only.

With --json, one object goes to standard output, and if the command fails it is
one with `error`. Its keys are in docs/operations.md.

Exit codes: 0 done; 1 refused or failed, also where `explain` or `inspect
--keys` finds that a server would refuse; 2 wrong usage.";

const INSPECT: &str = "\
Without keys, it is what the bytes claim; with --schema, also their public
values. With --keys and --pool it is proven, or refused as a server would.";

const EXPLAIN: &str = "\
Runs the checks of a server in their order and prints the first that fails, with
the numbers that were compared. What it was not given, or cannot know, it does
not check, and says so.";

/// For those who run a StateCookie pool: its keys, and what it sends
#[derive(Parser)]
#[command(name = "statecookie", version, after_help = AFTER)]
pub(crate) struct Args {
    /// Print JSON instead of text for people
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The key-ring file of a pool
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Show what an update, a bundle or a cookie says
    #[command(after_help = INSPECT)]
    Inspect(Inspect),
    /// Say why a bundle is refused, and what to do
    #[command(after_help = EXPLAIN)]
    Explain(Explain),
}

#[derive(Options)]
pub(crate) struct Inspect {
    /// A file, - for standard input, or the text itself
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) against: Against,
    /// Show private values, too, once they are proven
    #[arg(long, requires = "keys")]
    pub(crate) show_private: bool,
}

#[derive(Options)]
pub(crate) struct Explain {
    /// A file, - for standard input, or the text itself
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) against: Against,
}

/// What a server has beside the bytes.
#[derive(Options)]
pub(crate) struct Against {
    /// The schema: what `Schema::to_json` gives
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,
    /// The key-ring file of the server
    #[arg(long, value_name = "FILE", requires_all = ["schema", "pool"])]
    pub(crate) keys: Option<PathBuf>,
    /// The pool's name, as the program has it
    #[arg(long, value_name = "NAME", requires = "keys")]
    pub(crate) pool: Option<String>,
    /// Whom the session is bound to: text, or hex:<digits>
    #[arg(long, value_name = "WHO", requires = "keys")]
    pub(crate) identity: Option<String>,
    /// As 2026-11-28T09:00:00Z or seconds [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) now: Option<Timestamp>,
    /// The pool's leeway, if it has set one
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) leeway: Option<Duration>,
    /// What `refuse_born_before` was told
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) born_before: Option<Timestamp>,
    /// The pool's limit, in bytes, if it has set one
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_bytes: Option<usize>,
}

fn time(text: &str) -> Result<Timestamp, humantime::TimestampError> {
    if let Ok(secs) = text.parse() {
        return Ok(Timestamp::from_secs(secs));
    }
    let time = humantime::parse_rfc3339_weak(text)?;
    // Before 1970 there is nothing to be told apart.
    let since = time.duration_since(std::time::UNIX_EPOCH);
    Ok(Timestamp::from_secs(0).saturating_add(since.unwrap_or_default()))
}

#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a key-ring file with one key, which signs at once
    New {
        /// The file; there must be none yet
        file: PathBuf,
        #[command(flatten)]
        policy: Policy,
    },
    /// List the keys: id, state and times
    List {
        /// The key-ring file
        file: PathBuf,
    },
    /// Add the next key ahead of its use, and drop keys that are over
    Rotate {
        /// The key-ring file
        file: PathBuf,
        #[command(flatten)]
        policy: Policy,
    },
    /// Give up a key at once, after a leak: every cookie under it is lost
    Revoke {
        /// The key-ring file
        file: PathBuf,
        /// The key's id
        id: u32,
        #[command(flatten)]
        policy: Policy,
    },
}

/// The pool's policy, as its program has it.
#[derive(Clone, Copy, Options)]
pub(crate) struct Policy {
    /// How far ahead a key is published
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = humantime::parse_duration)]
    publish_ahead: Duration,
    /// How long each key signs
    #[arg(long, value_name = "TIME", default_value = "3h", value_parser = humantime::parse_duration)]
    rotation: Duration,
    /// How often servers look
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = humantime::parse_duration)]
    refresh: Duration,
    /// How far clocks may be apart
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = humantime::parse_duration)]
    skew: Duration,
    /// Longest `valid_for` [default: the ring's or 3h]
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) longest_validity: Option<Duration>,
}

impl Policy {
    pub(crate) fn of_keys(&self) -> KeyPolicy {
        KeyPolicy {
            refresh: self.refresh,
            publish_ahead: self.publish_ahead,
            rotation: self.rotation,
            skew: self.skew,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn has_the_defaults_of_the_library() {
        Args::command().debug_assert();
        let args = Args::try_parse_from(["statecookie", "keys", "new", "file"]).unwrap();
        let Command::Keys(KeysCommand::New { policy, .. }) = args.command else {
            panic!("another command")
        };
        assert_eq!(policy.of_keys(), KeyPolicy::default());
    }
}
