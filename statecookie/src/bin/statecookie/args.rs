//! What may stand on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as Options, Parser, Subcommand};
use statecookie::KeyPolicy;

const JSON: &str = "\
With --json, one object goes to standard output. Of `keys`: `file`, `notes` (a list of sentences) and `keys`, a list of objects with `id`, \
`state` (published, signing, accepting, over, revoked), `activates_at`, `sign_until`, `accept_until`. Of `inspect`: `kind`, `len`, `root`, `cookies`, `derived_len`, with times in seconds. If the command fails, it is an \
object with `error`.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage.";

/// Makes, rotates and revokes the keys of a StateCookie pool, and looks into what it sends. No output ever holds a secret.
#[derive(Parser)]
#[command(name = "statecookie", version, after_help = JSON)]
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
    /// Show what an update, a bundle or a cookie claims: lengths, times, sequence numbers; with a schema, its public values
    Inspect(Inspect),
}

#[derive(Options)]
pub(crate) struct Inspect {
    /// A file, `-` for standard input, or the text form itself
    pub(crate) what: String,
    /// The schema: a file with the text that `Schema::to_json` gives
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,
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
    /// How long before its activation a key is published
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = humantime::parse_duration)]
    publish_ahead: Duration,
    /// How long a key signs before the next one takes over
    #[arg(long, value_name = "TIME", default_value = "3h", value_parser = humantime::parse_duration)]
    rotation: Duration,
    /// How often servers look at the file
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = humantime::parse_duration)]
    refresh: Duration,
    /// How far the servers' clocks may be apart
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = humantime::parse_duration)]
    skew: Duration,
    /// The longest `valid_for` of the schema; unless given, what the ring's keys allow, and 3h in a new file
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
