//! Updates put together from their parts.

use std::collections::VecDeque;

/// How many updates may be incomplete at once.
const PENDING: usize = 16;

/// The parts of a stay's updates.
#[derive(Default)]
pub(super) struct Parts(VecDeque<Pending>);

struct Pending {
    update: u64,
    parts: Vec<Option<Vec<u8>>>,
}

impl Parts {
    /// Takes a part; gives the update if it was the last one missing.
    pub(super) fn take(
        &mut self,
        update: u64,
        (index, count): (u8, u8),
        bytes: Vec<u8>,
    ) -> Option<Vec<u8>> {
        if count == 1 {
            return Some(bytes);
        }
        let at = self.place_of(update, count);
        let pending = self.0.get_mut(at)?;
        *pending.parts.get_mut(usize::from(index))? = Some(bytes);
        let whole: Option<Vec<_>> = pending.parts.iter().map(Option::as_deref).collect();
        let whole = whole?.concat();
        self.0.remove(at);
        Some(whole)
    }

    fn place_of(&mut self, update: u64, count: u8) -> usize {
        let known = self.0.iter().position(|pending| pending.update == update);
        known.unwrap_or_else(|| {
            if self.0.len() == PENDING {
                self.0.pop_front();
            }
            let parts = vec![None; usize::from(count)];
            self.0.push_back(Pending { update, parts });
            self.0.len() - 1
        })
    }
}
