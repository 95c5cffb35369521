//! Approximation: what is held back, for how long, and how far from the truth a client can be.

use alloc::format;
use core::time::Duration;

use super::super::states::tiers;
use super::lab::{Lab, START, Served, came_back, text};
use super::{Verdict, require};
use crate::schema::StateCookie;
use crate::session::Pool;
use crate::tier::{Tier, TierSet};
use crate::time::Timestamp;
use crate::wire::inspect;

const STEPS: usize = 30;

pub(super) fn approximation<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    for tier in tiers::<S>() {
        let state = lab.state()?;
        let pool = lab.server("pool")?;
        let mut story = Story {
            served: lab.serve(&pool, state)?,
            pool,
            tier,
            now: START,
            alone: None,
            unsent: None,
        };
        for _ in 0..STEPS {
            story.step(lab)?;
        }
    }
    Ok(())
}

/// A session of which one tier changes. Its owner flushes after each change, and when something is due.
struct Story<S: StateCookie> {
    served: Served<S>,
    pool: Pool<S>,
    tier: Tier,
    now: Timestamp,
    /// When a change of the tier alone was sent last.
    alone: Option<Timestamp>,
    /// When the first change was made that was not sent yet.
    unsent: Option<Timestamp>,
}

impl<S: StateCookie + PartialEq> Story<S> {
    fn step(&mut self, lab: &mut Lab<'_, S>) -> Verdict {
        match lab.dice.below(8) {
            0 => self.clock_goes_back(lab),
            1..=4 => self.change(lab)?,
            _ => self.now = self.due(),
        }
        // A chain that is over, or nearly, has other things to prove.
        let over = self.served.session.ends_at();
        if self.now >= over.saturating_sub(self.pace()) {
            return Ok(());
        }
        self.flush()
    }

    /// By up to two paces, but never to before the session was born.
    fn clock_goes_back(&mut self, lab: &mut Lab<'_, S>) {
        let most = 2 * self.pace().as_millis() as usize + 2_000;
        let jump = Duration::from_millis(lab.dice.below(most) as u64);
        self.now = self.now.saturating_sub(jump).max(START);
        self.unsent = self.unsent.map(|unsent| unsent.min(self.now));
    }

    /// After less than a quarter of the pace.
    fn change(&mut self, lab: &mut Lab<'_, S>) -> Verdict {
        let most = self.pace().as_millis() as usize / 4 + 1;
        let pause = Duration::from_millis(lab.dice.below(most) as u64);
        let due = self.served.session.next_due_at(self.now);
        let later = self.now.saturating_add(pause);
        // The owner would not sleep longer than to what is due.
        self.now = due.map_or(later, |due| due.max(self.now).min(later));
        let next = lab.changed(&self.served.session, TierSet::only(self.tier))?;
        self.served.session.replace(next).map_err(text)?;
        // An approximated value may come back to what was issued before it was sent.
        let dirty = self.served.session.is_dirty();
        self.unsent = dirty.then(|| self.unsent.unwrap_or(self.now));
        Ok(())
    }

    fn due(&self) -> Timestamp {
        let due = self.served.session.next_due_at(self.now);
        due.map_or(self.now, |due| due.max(self.now))
    }

    fn flush(&mut self) -> Verdict {
        let session = &mut self.served.session;
        let (touched, renewed) = (session.touched(), session.renewed_at(self.now));
        let update = session.flush_at(self.now).map_err(text)?;
        let changed = touched.highest() == Some(self.tier) && renewed.is_empty();
        if let Some(update) = &update {
            self.served.take(update);
            if update.tiers().contains(self.tier) {
                self.unsent = None;
            }
            // Where a lower tier changed too, it may be that which caused the update.
            let soon = self.is_soon_after();
            require(
                !(changed && soon && touched.len() == 1),
                "two updates of the tier alone are too near to each other",
            )?;
            if changed && !soon {
                self.alone = Some(self.now);
            }
        }
        require(
            update.is_some() || touched.is_empty() || self.is_soon_after(),
            "a change that nothing holds back did not go at once",
        )?;
        let held = self.now.since(self.unsent.unwrap_or(self.now));
        require(
            held.is_zero() || held < self.pace(),
            &format!("a change was held back for {held:?}"),
        )?;
        if self.served.session.is_dirty() {
            return self.is_due_in_time();
        }
        let bundle = self.served.bundle();
        // No cookie begins before the one that it replaces, whatever the clock says.
        let begins = inspect(&bundle).map_err(text)?.cookies;
        let begun = begins.iter().filter_map(|cookie| cookie.not_before).max();
        let now = begun.map_or(self.now, |begun| begun.max(self.now));
        let resumed = self.pool.resume_at(&bundle, now);
        came_back(&self.served.session, resumed.map_err(text)?)
    }

    /// Within a pace after the last update of the tier alone, on a clock that has not gone back behind that.
    fn is_soon_after(&self) -> bool {
        self.alone
            .is_some_and(|alone| alone <= self.now && self.now < alone.saturating_add(self.pace()))
    }

    fn is_due_in_time(&self) -> Verdict {
        let latest = self.unsent.map(|unsent| unsent.saturating_add(self.pace()));
        require(
            latest.is_some_and(|latest| self.now < self.due() && self.due() <= latest),
            "what is held back is not due in time",
        )
    }

    fn pace(&self) -> Duration {
        let policy = S::TABLE.tiers.get(self.tier.index());
        policy
            .and_then(|policy| policy.at_most_every)
            .unwrap_or_default()
    }
}
