//! The recorder: what changes, with what, how often, and how long it is on the wire.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use super::split::Values;
use super::tally::Tally;
use super::timeline::Timeline;
use super::{Advice, AdviceError, Advisor, FieldSet, MAX_FIELDS, RecordError};
use crate::{Class, Clock, StateCookie, SystemClock, Timestamp};

/// Counts for each field how often it changes, with which others, and how long its encoded value is.
///
/// One per schema: attach it to a session by [`observe`](Self::observe) before each flush, or feed it with a trace. It holds
/// the encoded values of the last state seen (wiped when replaced) and counts; it never prints a value. Its memory is bounded: at
/// most 1,024 different sets of changed fields, 64 different lengths of the private values, and 4,096 entries of time are told apart.
pub struct Recorder<S> {
    pub(super) seen: Seen,
    last: Option<Values>,
    now: Timestamp,
    state: PhantomData<fn(&S)>,
}

/// What was recorded, without a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) tally: Tally,
    pub(super) timeline: Timeline,
    /// The encoded lengths in the first state seen; empty before.
    pub(super) initial: Vec<u32>,
    /// The encoded lengths now.
    pub(super) lens: Vec<u32>,
    /// The greatest encoded lengths.
    pub(super) longest: Vec<u32>,
    /// For each field the sum of its encoded length times the milliseconds that it stood.
    pub(super) held: Vec<u128>,
    start: u64,
}

/// What was recorded of one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recorded {
    /// The field's name.
    pub name: &'static str,
    /// How often it changed.
    pub changes: u64,
    /// Its mean encoded length after a change of any field, in bytes.
    pub mean_len: f64,
    /// Its greatest encoded length, in bytes.
    pub longest: u32,
}

impl<S: StateCookie> Recorder<S> {
    /// A recorder that has seen nothing.
    ///
    /// # Errors
    ///
    /// The struct has more than [`MAX_FIELDS`] fields.
    pub fn new() -> Result<Self, RecordError> {
        let fields = S::TABLE.fields.len();
        if fields > MAX_FIELDS {
            return Err(RecordError::TooManyFields {
                fields,
                limit: MAX_FIELDS,
            });
        }
        Ok(Self {
            seen: Seen::default(),
            last: None,
            now: Timestamp::from_millis(0),
            state: PhantomData,
        })
    }

    /// Looks at a session's state, by the system's clock; call it before each flush. Gives the fields that differ from the last
    /// state seen; the first state is the one that the full update carries.
    ///
    /// # Errors
    ///
    /// A value cannot be encoded; nothing was recorded.
    pub fn observe(&mut self, state: &S) -> Result<FieldSet, RecordError> {
        self.observe_at(state, SystemClock.now())
    }

    /// [`observe`](Self::observe) at a given time; time that goes back stands still.
    ///
    /// # Errors
    ///
    /// As for [`observe`](Self::observe).
    pub fn observe_at(&mut self, state: &S, now: Timestamp) -> Result<FieldSet, RecordError> {
        let values = Values::of(state)?;
        let lens: Vec<u32> = (0..values.len())
            .map(|place| u32::try_from(values.field(place).len()).unwrap_or(u32::MAX))
            .collect();
        let last = self.last.replace(values);
        let Some((last, values)) = last.zip(self.last.as_ref()) else {
            self.begin(lens, now);
            return Ok(FieldSet::EMPTY);
        };
        let places = 0..values.len();
        let changed = FieldSet::of(places.filter(|at| last.field(*at) != values.field(*at)));
        self.pass(now);
        self.seen.grow(lens);
        self.count(changed);
        Ok(changed)
    }

    /// Counts a change of these fields, of which no value is known: they are as long as they were last. For traces.
    ///
    /// # Errors
    ///
    /// No state was observed before.
    pub fn record_at(&mut self, changed: FieldSet, now: Timestamp) -> Result<(), RecordError> {
        if self.last.is_none() {
            return Err(RecordError::NoState);
        }
        self.pass(now);
        let fields = FieldSet::first(S::TABLE.fields.len());
        self.count(changed.intersection(fields));
        Ok(())
    }

    /// The set of the fields of these names.
    ///
    /// # Errors
    ///
    /// A name that no field has.
    pub fn fields_named(&self, names: &[&str]) -> Result<FieldSet, RecordError> {
        let mut set = FieldSet::EMPTY;
        for name in names {
            let place = S::TABLE.fields.iter().position(|field| field.name == *name);
            set.insert(place.ok_or_else(|| RecordError::UnknownField {
                name: name.to_string(),
            })?);
        }
        Ok(set)
    }

    /// How many changes were recorded: observations in which something differed.
    pub fn changes(&self) -> u64 {
        self.seen.tally.changes()
    }

    /// How many of the changes touched all of `fields`, whatever else with them.
    pub fn changes_of(&self, fields: FieldSet) -> u64 {
        self.seen.tally.together(fields)
    }

    /// What was recorded of each field, in the order of declaration.
    pub fn recorded(&self) -> Vec<Recorded> {
        let changes = self.changes().max(1) as f64;
        let fields = S::TABLE.fields.iter().enumerate();
        let sum = |place: usize| -> u64 {
            let sets = self.seen.tally.sets();
            sets.filter_map(|(_, counted)| counted.bytes.get(place))
                .sum()
        };
        let recorded = fields.map(|(place, field)| Recorded {
            name: field.name,
            changes: self.changes_of(FieldSet::of([place])),
            mean_len: sum(place) as f64 / changes,
            longest: self.seen.longest.get(place).copied().unwrap_or(0),
        });
        recorded.collect()
    }

    /// An advisor on what was recorded, to be given a ladder of policies or pins.
    pub fn advisor(&self) -> Advisor<'_, S> {
        Advisor::new(self)
    }

    /// The best layout under the policies that the struct has now.
    ///
    /// # Errors
    ///
    /// See [`Advisor::advise`].
    pub fn advise(&self) -> Result<Advice, AdviceError> {
        self.advisor().advise()
    }

    fn begin(&mut self, lens: Vec<u32>, now: Timestamp) {
        self.now = now;
        self.seen.start = now.as_millis();
        self.seen.held = vec![0; lens.len()];
        self.seen.initial = lens.clone();
        self.seen.longest = lens.clone();
        self.seen.lens = lens;
        self.seen.tally.add_private(private::<S>(&self.seen.lens));
    }

    fn pass(&mut self, now: Timestamp) {
        let millis = u128::from(now.since(self.now).as_millis() as u64);
        for (held, len) in self.seen.held.iter_mut().zip(&self.seen.lens) {
            *held = held.saturating_add(u128::from(*len) * millis);
        }
        self.now = self.now.max(now);
        let at = self.now.as_millis() - self.seen.start;
        self.seen.timeline.reach(at);
    }

    fn count(&mut self, changed: FieldSet) {
        if changed.is_empty() {
            return;
        }
        let set = self.seen.tally.add(changed, &self.seen.lens);
        self.seen.tally.add_private(private::<S>(&self.seen.lens));
        self.seen.timeline.add(set, self.seen.timeline.end());
    }
}

impl Seen {
    fn grow(&mut self, lens: Vec<u32>) {
        for (longest, len) in self.longest.iter_mut().zip(&lens) {
            *longest = (*longest).max(*len);
        }
        self.lens = lens;
    }
}

/// The lengths of the private fields.
fn private<S: StateCookie>(lens: &[u32]) -> impl Iterator<Item = u32> {
    let fields = S::TABLE.fields.iter().zip(lens);
    let private = fields.filter(|(field, _)| field.class == Class::Private);
    private.map(|(_, len)| *len)
}

/// Counts, no value.
impl<S> fmt::Debug for Recorder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("changes", &self.seen.tally.changes())
            .finish_non_exhaustive()
    }
}
