//! When which fields changed, in slices of time that grow with the recording: what renewals depend on, in bounded memory.

use alloc::vec::Vec;

use super::FieldSet;

/// How many entries are kept before the slices become twice as long.
const MAX_ENTRIES: usize = 4096;

/// The changes of one set of fields within one slice of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) set: FieldSet,
    pub(super) count: u64,
    /// Milliseconds since the recording began.
    pub(super) first: u64,
    /// Milliseconds since the recording began.
    pub(super) last: u64,
}

/// The entries in the order of their begin.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    /// Milliseconds of one slice.
    width: u64,
    entries: Vec<Entry>,
    end: u64,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            width: 1000,
            entries: Vec::new(),
            end: 0,
        }
    }
}

impl Timeline {
    /// A change of `set`, so many milliseconds after the recording began; never before an earlier one.
    pub(super) fn add(&mut self, set: FieldSet, at: u64) {
        let at = at.max(self.end);
        self.end = at;
        self.put(Entry {
            set,
            count: 1,
            first: at,
            last: at,
        });
        while self.entries.len() > MAX_ENTRIES {
            self.coarsen();
        }
    }

    /// Nothing changed up to this time.
    pub(super) fn reach(&mut self, at: u64) {
        self.end = self.end.max(at);
    }

    /// The entries in the order of their begin.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Milliseconds from the first to the last thing recorded.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    /// Milliseconds within which the order of changes is not known.
    pub(super) const fn width(&self) -> u64 {
        self.width
    }

    fn put(&mut self, new: Entry) {
        let slice = new.first / self.width;
        let width = self.width;
        let recent = self.entries.iter_mut().rev();
        let mut same_slice = recent.take_while(|entry| entry.first / width == slice);
        match same_slice.find(|entry| entry.set == new.set) {
            Some(entry) => {
                entry.count += new.count;
                entry.last = entry.last.max(new.last);
            }
            None => self.entries.push(new),
        }
    }

    fn coarsen(&mut self) {
        self.width = self.width.saturating_mul(2);
        let fine = core::mem::take(&mut self.entries);
        fine.into_iter().for_each(|entry| self.put(entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(place: usize) -> FieldSet {
        FieldSet::of([place])
    }

    #[test]
    fn one_second_is_one_entry_for_each_set() {
        let mut timeline = Timeline::default();
        for (place, at) in [(0, 10), (1, 500), (0, 990), (0, 1000), (1, 700)] {
            timeline.add(set(place), at);
        }
        let found: Vec<_> = timeline.entries().iter().collect();
        assert_eq!(found.len(), 4, "{found:?}");
        let first = found[0];
        assert_eq!((first.count, first.first, first.last), (2, 10, 990));
        assert_eq!(found[3].first, 1000, "time does not go back");
        timeline.reach(5000);
        timeline.reach(4000);
        assert_eq!(timeline.end(), 5000);
    }

    #[test]
    fn a_long_recording_takes_no_more_memory_and_loses_no_change() {
        let mut timeline = Timeline::default();
        for second in 0..100_000 {
            timeline.add(set(second as usize % 3), second * 1000);
        }
        assert!(timeline.entries().len() <= MAX_ENTRIES);
        let counted: u64 = timeline.entries().iter().map(|entry| entry.count).sum();
        assert_eq!(counted, 100_000);
        assert!(timeline.width() > 60_000, "{}", timeline.width());
        assert!(timeline.entries().is_sorted_by_key(|entry| entry.first));
    }
}
