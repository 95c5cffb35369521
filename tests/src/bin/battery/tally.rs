//! Counts by class and verdict, and how many of the inputs were distinct.

use std::collections::HashSet;

use statecookie::Reason;

use crate::oracle::judge::Circumstances;

/// What kind of input it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Flip,
    Substitute,
    Truncate,
    Insert,
    Delete,
    Splice(Axis),
    Header,
    Values,
    Derived,
    Clock,
    Collision,
    OwnValues,
    OlderChain,
    OlderSibling,
}

/// What two spliced chains differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Tier,
    Session,
    Generation,
    Schema,
    Pool,
    Version,
    Key,
    Branch,
    Binding,
}

impl Class {
    /// Every class, in the order of the table.
    pub(crate) const ALL: [Self; 22] = [
        Self::Flip,
        Self::Substitute,
        Self::Truncate,
        Self::Insert,
        Self::Delete,
        Self::Splice(Axis::Tier),
        Self::Splice(Axis::Session),
        Self::Splice(Axis::Generation),
        Self::Splice(Axis::Schema),
        Self::Splice(Axis::Pool),
        Self::Splice(Axis::Version),
        Self::Splice(Axis::Key),
        Self::Splice(Axis::Branch),
        Self::Splice(Axis::Binding),
        Self::Header,
        Self::Values,
        Self::Derived,
        Self::Clock,
        Self::Collision,
        Self::OwnValues,
        Self::OlderChain,
        Self::OlderSibling,
    ];

    /// How the table calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Flip => "bit flips",
            Self::Substitute => "byte substitutions",
            Self::Truncate => "truncations",
            Self::Insert => "insertions",
            Self::Delete => "deletions",
            Self::Splice(axis) => match axis {
                Axis::Tier => "splice: tier",
                Axis::Session => "splice: session",
                Axis::Generation => "splice: generation",
                Axis::Schema => "splice: schema",
                Axis::Pool => "splice: pool",
                Axis::Version => "splice: version",
                Axis::Key => "splice: key",
                Axis::Branch => "splice: branch",
                Axis::Binding => "splice: binding",
            },
            Self::Header => "header fields",
            Self::Values => "hostile mutable values",
            Self::Derived => "derived values",
            Self::Clock => "edges of time",
            Self::Collision => "same links by chance",
            Self::OwnValues => "own values in range",
            Self::OlderChain => "older complete chains",
            Self::OlderSibling => "older siblings",
        }
    }

    /// Whether nearly all inputs of the class must be accepted.
    pub(crate) const fn is_honest(self) -> bool {
        matches!(
            self,
            Self::OwnValues | Self::OlderChain | Self::OlderSibling
        )
    }

    /// How many inputs of the class a whole run must have.
    pub(crate) const fn least(self) -> u64 {
        match self {
            // As many as there are among the sessions opened.
            Self::Collision => 500,
            // Of one schema alone.
            Self::Derived => 100_000,
            _ => 200_000,
        }
    }

    fn row(self) -> usize {
        Self::ALL
            .iter()
            .position(|class| *class == self)
            .unwrap_or_default()
    }
}

/// The columns: accepted, then each reason.
const COLUMNS: usize = 1 + Reason::ALL.len();

/// One input in so many is remembered by its hash.
const SAMPLE: u64 = 64;

/// Counts by class and verdict.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    counts: [[u64; COLUMNS]; Class::ALL.len()],
    sampled: u64,
    distinct: HashSet<u64>,
}

impl Tally {
    /// Nothing was counted yet.
    pub(crate) fn new() -> Self {
        Self {
            counts: [[0; COLUMNS]; Class::ALL.len()],
            sampled: 0,
            distinct: HashSet::new(),
        }
    }

    /// One input, on which oracle and server agree.
    pub(crate) fn count(
        &mut self,
        class: Class,
        verdict: Result<(), Reason>,
        shown: &Circumstances,
        blob: &[u8],
    ) {
        let column = verdict.err().map_or(0, |reason| {
            1 + Reason::ALL
                .iter()
                .position(|known| *known == reason)
                .unwrap_or_default()
        });
        self.counts[class.row()][column] += 1;
        let hash = hash(shown, blob);
        if hash.is_multiple_of(SAMPLE) {
            self.sampled += 1;
            self.distinct.insert(hash);
        }
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn add(&mut self, other: Self) {
        let cells = self.counts.iter_mut().flatten();
        cells
            .zip(other.counts.iter().flatten())
            .for_each(|(own, more)| *own += more);
        self.sampled += other.sampled;
        self.distinct.extend(other.distinct);
    }

    /// All inputs of a class.
    pub(crate) fn of(&self, class: Class) -> u64 {
        self.counts[class.row()].iter().sum()
    }

    /// Those of a class that were accepted.
    pub(crate) fn accepted(&self, class: Class) -> u64 {
        self.counts[class.row()][0]
    }

    /// Those of a class that were refused for this reason.
    pub(crate) fn refused(&self, class: Class, reason: Reason) -> u64 {
        let place = Reason::ALL.iter().position(|known| *known == reason);
        place.map_or(0, |place| self.counts[class.row()][1 + place])
    }

    /// All inputs.
    pub(crate) fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// The share of inputs that no other input was equal to, found on a sample.
    pub(crate) fn distinct_share(&self) -> f64 {
        self.distinct.len() as f64 / (self.sampled.max(1)) as f64
    }
}

/// Not for enemies: it only has to spread.
fn hash(shown: &Circumstances, blob: &[u8]) -> u64 {
    let identity = shown.identity.map_or(0, |identity| identity as u64 + 1);
    let start =
        shown.now ^ (shown.server as u64) << 56 ^ identity << 48 ^ (blob.len() as u64) << 32;
    let mut chunks = blob.chunks_exact(8);
    let mut sum = start;
    let mut mix = |word: u64| {
        sum = (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        sum ^= sum >> 29;
    };
    for chunk in &mut chunks {
        mix(u64::from_le_bytes(std::array::from_fn(|at| chunk[at])));
    }
    let rest = chunks.remainder().iter();
    mix(rest.fold(0, |word, byte| word << 8 | u64::from(*byte)));
    mix(1);
    sum
}
