//! Where a session stands, and what a store keeps of it.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::bytes::Reader;
use crate::error::Malformed;
use crate::tier::MAX_TIERS;
use crate::time::Timestamp;
use crate::wire::SeqVector;

/// What a session draws for itself, so that nobody else can go on in its place.
pub(crate) type Ticket = [u8; 16];

/// A point that a session has come to: the counters from the root down to the lowest guarded tier, on a branch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    vector: SeqVector,
    branch: [u8; 4],
}

impl Mark {
    pub(crate) const fn new(vector: SeqVector, branch: [u8; 4]) -> Self {
        Self { vector, branch }
    }

    /// The counters, the root's first; 1 to 8 of them.
    pub fn vector(&self) -> &[u64] {
        self.vector.as_slice()
    }

    /// The branch bytes of the root.
    pub const fn branch(&self) -> [u8; 4] {
        self.branch
    }

    /// Whether this is further on than `stored`, there, or behind: lexicographic from the root down.
    ///
    /// After a deploy that guards other tiers than before, vectors have another length: where one begins the other, the new
    /// one counts as further on, so that nobody is refused for it.
    pub(super) fn compared_with(&self, stored: &Self) -> Ordering {
        let (own, theirs) = (self.vector(), stored.vector());
        let len = own.len().min(theirs.len());
        let common = own.iter().take(len).cmp(theirs.iter().take(len));
        match common {
            Ordering::Equal if own.len() != theirs.len() => Ordering::Greater,
            order => order,
        }
    }

    /// Whether this is further on in what both count, and not only after a deploy that guards other tiers.
    pub(super) fn is_beyond(&self, stored: &Self) -> bool {
        let mut counters = self.vector().iter().zip(stored.vector());
        counters
            .find(|(own, theirs)| own != theirs)
            .is_some_and(|(own, theirs)| own > theirs)
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let branch = u32::from_be_bytes(self.branch);
        write!(f, "Mark({:?}, branch {branch:08x})", self.vector())
    }
}

/// What a store keeps of one session.
#[derive(Clone, PartialEq, Eq)]
pub struct MarkRecord(pub(super) Record);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// Nothing of the session is accepted any more.
    Ended {
        by: Ticket,
    },
    Standing(Standing),
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// How far the session has come.
    pub(super) mark: Mark,
    /// Who came there, or has taken over from there.
    pub(super) holder: Ticket,
    /// Whether the holder has taken over, so that whoever issued the mark goes on no more.
    pub(super) taken: bool,
    /// Since when the mark is this one.
    pub(super) since: Timestamp,
    /// What it was before, as far as the holder knew.
    pub(super) previous: Option<Mark>,
}

impl MarkRecord {
    /// The longest record, in bytes.
    pub const MAX_LEN: usize = 1 + 16 + 1 + 8 + 2 * (1 + 8 * MAX_TIERS + 4);

    /// How far the session has come; `None` if it was ended.
    pub const fn mark(&self) -> Option<&Mark> {
        match &self.0 {
            Record::Ended { .. } => None,
            Record::Standing(standing) => Some(&standing.mark),
        }
    }

    /// The record as bytes, at most [`MAX_LEN`](Self::MAX_LEN), for stores that keep bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::MAX_LEN);
        match &self.0 {
            Record::Ended { by } => {
                out.push(ENDED);
                out.extend(by);
            }
            Record::Standing(standing) => {
                out.push(STANDING);
                out.extend(standing.holder);
                out.push(standing.taken.into());
                out.extend(standing.since.as_millis().to_be_bytes());
                put_mark(&mut out, &standing.mark);
                if let Some(previous) = &standing.previous {
                    put_mark(&mut out, previous);
                }
            }
        }
        out
    }

    /// The record that [`to_bytes`](Self::to_bytes) wrote; `None` if it did not write these.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader::new(bytes);
        let record = read(&mut input).ok()?;
        input.end().ok()?;
        Some(Self(record))
    }
}

/// Numbers and branches; the ticket is nobody's affair.
impl fmt::Debug for MarkRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Record::Ended { .. } => f.write_str("MarkRecord(ended)"),
            Record::Standing(standing) => standing.fmt(f),
        }
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MarkRecord")
            .field("mark", &self.mark)
            .field("taken", &self.taken)
            .field("since", &self.since)
            .field("previous", &self.previous)
            .finish_non_exhaustive()
    }
}

const ENDED: u8 = 1;
const STANDING: u8 = 2;

fn put_mark(out: &mut Vec<u8>, mark: &Mark) {
    out.push(mark.vector().len() as u8);
    for counter in mark.vector() {
        out.extend(counter.to_be_bytes());
    }
    out.extend(mark.branch);
}

fn read(input: &mut Reader<'_>) -> Result<Record, Malformed> {
    match input.take(1)? {
        [ENDED] => Ok(Record::Ended { by: array(input)? }),
        [STANDING] => Ok(Record::Standing(Standing {
            holder: array(input)?,
            taken: match input.take(1)? {
                [0] => false,
                [1] => true,
                _ => return Err(Malformed::BadValue),
            },
            since: Timestamp::from_millis(u64::from_be_bytes(array(input)?)),
            mark: read_mark(input)?,
            previous: match input.is_empty() {
                true => None,
                false => Some(read_mark(input)?),
            },
        })),
        _ => Err(Malformed::Unsupported),
    }
}

fn read_mark(input: &mut Reader<'_>) -> Result<Mark, Malformed> {
    let [len] = array(input)?;
    if !(1..=MAX_TIERS).contains(&usize::from(len)) {
        return Err(Malformed::BadValue);
    }
    let mut vector = SeqVector::default();
    for _ in 0..len {
        vector.push(u64::from_be_bytes(array(input)?));
    }
    Ok(Mark::new(vector, array(input)?))
}

fn array<const N: usize>(input: &mut Reader<'_>) -> Result<[u8; N], Malformed> {
    let mut array = [0; N];
    array.copy_from_slice(input.take(N)?);
    Ok(array)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark<const N: usize>(counters: [u64; N]) -> Mark {
        Mark::new(counters.into(), [1, 2, 3, 4])
    }

    fn standing(previous: Option<Mark>) -> MarkRecord {
        MarkRecord(Record::Standing(Standing {
            mark: mark([3, 300, u64::MAX]),
            holder: [7; 16],
            taken: true,
            since: Timestamp::from_millis(1_800_000_000_123),
            previous,
        }))
    }

    #[test]
    fn a_record_comes_back_from_its_bytes_and_from_no_others() {
        let full = mark([1; MAX_TIERS]);
        let ended = MarkRecord(Record::Ended { by: [9; 16] });
        for record in [ended, standing(None), standing(Some(full))] {
            let bytes = record.to_bytes();
            assert!(bytes.len() <= MarkRecord::MAX_LEN);
            assert_eq!(MarkRecord::from_bytes(&bytes), Some(record.clone()));
            let longer = [&bytes[..], &[0]].concat();
            assert_eq!(MarkRecord::from_bytes(&longer), None);
            for len in 0..bytes.len() {
                // Without its last part a record may be another one, but never the same.
                assert_ne!(MarkRecord::from_bytes(&bytes[..len]), Some(record.clone()));
            }
        }
        let mut bytes = standing(None).to_bytes();
        for (at, value) in [(0, 3), (17, 2), (26, 0), (26, 9)] {
            let before = core::mem::replace(&mut bytes[at], value);
            assert_eq!(MarkRecord::from_bytes(&bytes), None, "{at}");
            bytes[at] = before;
        }
    }

    #[test]
    fn marks_are_ordered_from_the_root_down() {
        assert_eq!(mark([0, 9]).compared_with(&mark([1, 0])), Ordering::Less);
        assert_eq!(mark([1, 0]).compared_with(&mark([0, 9])), Ordering::Greater);
        assert_eq!(mark([1, 0]).compared_with(&mark([1, 0])), Ordering::Equal);
    }

    #[test]
    fn after_a_deploy_that_guards_other_tiers_nobody_is_behind_for_it() {
        assert_eq!(mark([1]).compared_with(&mark([1, 5])), Ordering::Greater);
        assert_eq!(mark([1, 5]).compared_with(&mark([1])), Ordering::Greater);
        assert_eq!(mark([0, 5]).compared_with(&mark([1])), Ordering::Less);
        let further = |own: Mark, stored: Mark| own.is_beyond(&stored);
        assert!(!further(mark([1, 5]), mark([1])) && !further(mark([1]), mark([1, 5])));
        assert!(further(mark([2]), mark([1, 5])) && further(mark([1, 6]), mark([1, 5])));
        assert!(!further(mark([0, 9]), mark([1])) && !further(mark([3]), mark([3])));
    }

    #[test]
    fn a_record_shows_no_ticket() {
        let shown = alloc::format!("{:?}", standing(None));
        assert_eq!(
            shown,
            "MarkRecord { mark: Mark([3, 300, 18446744073709551615], branch 01020304), taken: true, \
             since: Timestamp(1800000000123), previous: None, .. }"
        );
    }
}
