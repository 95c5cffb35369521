//! What the command line says.

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Args {
    /// The seed of all histories.
    pub(crate) seed: u64,
    /// The first history.
    pub(crate) first: u64,
    /// How many histories.
    pub(crate) histories: u64,
    /// Whether the counts must reach what is demanded of a whole run.
    pub(crate) whole: bool,
}

/// The histories of a run in CI.
const SHORT: u64 = 1_500;
/// Those of a long one: more than ten times as many, of another seed.
const LONG: u64 = 16_000;

const USAGE: &str = "usage: battery [--long] [--seed N] [--history N]";

/// Reads the arguments.
pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut args = Args {
        seed: 1,
        first: 0,
        histories: SHORT,
        whole: true,
    };
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or(USAGE);
        match word.as_str() {
            "--long" => (args.seed, args.histories) = (1_000_000, LONG),
            "--seed" => args.seed = number()?,
            "--history" => (args.first, args.histories, args.whole) = (number()?, 1, false),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(args)
}
