//! A history is played: sessions, cascades, renewals, forks, rotations, logins, fail-overs, with clocks that differ and go back.
//!
//! All that is thrown is thrown from the plan's dice, so that twins do the same at the same time.

use statecookie::{FlushError, Pool, Session, Timestamp};

use super::events::{Event, Events};
use super::live::{Live, Next};
use super::plan::{IDENTITIES, Plan, SERVERS, Twin};
use super::record::record;
use crate::dice::Dice;
use crate::oracle::judge::ServerFacts;
use crate::oracle::ledger::Ledger;
use crate::schemas::Known;

/// A history under way.
pub(crate) struct Play<'a, S: Known> {
    pub(super) plan: &'a Plan,
    pub(super) twin: Twin,
    pub(super) pools: Vec<(Pool<S>, ServerFacts)>,
    pub(super) ledger: &'a mut Ledger<S>,
    pub(super) events: Events,
    pub(super) dice: Dice,
    pub(super) now: u64,
    pub(super) lives: Vec<Live<S>>,
    pub(super) groups: usize,
}

/// The most sessions at a time.
pub(super) const MOST_LIVES: usize = 6;

/// How a session is flushed.
#[derive(Clone, Copy)]
pub(super) enum Flush {
    Ordinary,
    Into,
    Full,
    WithoutRenewal,
}

pub(super) type Outcome = Result<(), String>;

/// Plays a history into the ledger; fails where an honest server does what the oracle did not expect.
pub(crate) fn play<S: Known>(
    plan: &Plan,
    twin: Twin,
    ledger: &mut Ledger<S>,
) -> Result<Events, String> {
    let pools: Result<Vec<_>, String> =
        (0..SERVERS).map(|server| plan.pool(server, twin)).collect();
    let mut play = Play {
        plan,
        twin,
        pools: pools?,
        ledger,
        events: Events::default(),
        dice: Dice::new(plan.seed, 7),
        now: plan.start,
        lives: Vec::new(),
        groups: 0,
    };
    play.events.count(Event::History);
    play.run()?;
    Ok(play.events)
}

impl<S: Known> Play<'_, S> {
    fn run(&mut self) -> Outcome {
        self.open_two()?;
        self.edit_group(0)?;
        for step in 0..self.plan.steps {
            self.pass_time();
            if self.lives.is_empty() {
                self.open_two()?;
            }
            let who = self.dice.index(self.lives.len());
            match step {
                2 => self.fork(0)?,
                4 => self.edit_group(self.lives[0].group)?,
                _ if step == self.plan.steps / 2 => self.rotate()?,
                _ => self.step(who)?,
            }
        }
        if self.dice.once_in(4) {
            self.outlive()?;
        }
        Ok(())
    }

    /// The clock goes to the absolute end of a session: from then on it issues nothing.
    fn outlive(&mut self) -> Outcome {
        if let Some(live) = self.lives.first() {
            self.now = self.now.max(live.end * 1000);
        }
        (0..self.lives.len())
            .rev()
            .try_for_each(|who| self.flush(who, Flush::Full))
    }

    fn step(&mut self, who: usize) -> Outcome {
        match self.dice.below(20) {
            0..=6 => self.edit(who),
            7..=9 => self.edit_group(self.lives[who].group),
            10..=11 => self.fork(who),
            12..=13 => self.requests(who),
            14..=15 => self.fail_over(who),
            16 => self.flush(who, Flush::Full),
            17 => self.rebind(who),
            18 => self.open_two(),
            _ => self.flush(who, Flush::Ordinary),
        }
    }

    /// Mostly seconds; now and then what takes a tier to its end; and sometimes back.
    fn pass_time(&mut self) {
        let facts = S::FACTS;
        let tier = self.dice.index(facts.tiers());
        let short = facts.shortest();
        let by = match self.dice.below(20) {
            0..=11 => self.dice.below(short.min(3000)),
            12..=15 => self.dice.below(short),
            16..=17 => self.dice.below(facts.valid_for[tier]) * 3 / 4,
            _ => {
                self.now -= self.dice.below(short.min(20_000) / 4);
                0
            }
        };
        self.now += by;
    }

    pub(super) fn time_at(&self, server: usize) -> u64 {
        self.now + self.plan.ahead[server]
    }

    fn identity(&self, planned: Option<usize>) -> Option<usize> {
        match (self.twin, planned) {
            (Twin::Binding, None) => Some(0),
            (Twin::Binding, Some(last)) if last + 1 == IDENTITIES.len() => None,
            (Twin::Binding, Some(one)) => Some(one + 1),
            (_, planned) => planned,
        }
    }

    pub(super) fn any_identity(&mut self) -> Option<usize> {
        let planned = self.dice.index(2 * IDENTITIES.len());
        self.identity((planned < IDENTITIES.len()).then_some(planned))
    }

    /// Other values in some tiers: a low one more often than a high one.
    fn change(&mut self, who: usize, dice: &mut Dice) -> Outcome {
        let tiers = S::FACTS.tiers();
        let tier = dice.index(tiers).min(dice.index(tiers));
        let live = &mut self.lives[who];
        if dice.coin() {
            live.state.renew(tier, dice);
        }
        live.state.vary(tier, dice);
        let done = if dice.coin() {
            // What depends on the changed values may stand in lower tiers.
            (0..=tier)
                .rev()
                .try_for_each(|tier| live.state.set(tier, &mut live.session))
                .map_err(|e| e.to_string())
        } else {
            live.session
                .replace(live.state.clone())
                .map_err(|error| error.to_string())
        };
        done.map_err(|error| format!("not changed: {error}"))
    }

    pub(super) fn edit(&mut self, who: usize) -> Outcome {
        let mut dice = self.dice.clone();
        self.dice.word();
        self.change(who, &mut dice)?;
        let flush = self.dice.pick(&[
            Flush::Ordinary,
            Flush::Into,
            Flush::Into,
            Flush::WithoutRenewal,
        ]);
        self.flush(who, flush)
    }

    /// The same changes in all sessions of a group, issued at the same moment.
    pub(super) fn edit_group(&mut self, group: usize) -> Outcome {
        let dice = self.dice.clone();
        self.dice.word();
        for who in self.group(group) {
            self.change(who, &mut dice.clone())?;
        }
        self.flush_group(group, Flush::Ordinary)
    }

    pub(super) fn group(&self, group: usize) -> Vec<usize> {
        (0..self.lives.len())
            .filter(|who| self.lives[*who].group == group)
            .collect()
    }

    pub(super) fn flush_group(&mut self, group: usize, flush: Flush) -> Outcome {
        // From the last one on: one that has ended is taken away.
        self.group(group)
            .into_iter()
            .rev()
            .try_for_each(|who| self.flush(who, flush))
    }

    pub(super) fn flush(&mut self, who: usize, flush: Flush) -> Outcome {
        let now = self.time_at(self.lives[who].server);
        let live = &mut self.lives[who];
        let must = live.session.is_dirty();
        match issue(&mut live.session, flush, now) {
            Ok(None) if must => Err("a dirty session issued nothing".into()),
            Ok(None) => Ok(()),
            Ok(Some(update)) if now / 1000 < live.end => {
                let facts = &self.pools[live.server].1;
                record(self.ledger, &mut self.events, facts, live, now, &update)
            }
            Ok(Some(_)) => Err("issued beyond the session's end".into()),
            Err(FlushError::SessionEnded) if now / 1000 >= live.end => {
                self.events.count(Event::Ended);
                self.lives.remove(who);
                Ok(())
            }
            Err(error) => Err(format!("not issued: {error}")),
        }
    }

    /// The clock goes beyond the next key's begin, and every session issues something under that key.
    fn rotate(&mut self) -> Outcome {
        self.now += self.plan.rotation * 1000 + self.dice.below(2000);
        let everybody = self.lives.len();
        (0..everybody)
            .rev()
            .try_for_each(|who| self.flush(who, Flush::Ordinary))
    }

    /// Login or logout.
    fn rebind(&mut self, who: usize) -> Outcome {
        let identity = self.any_identity();
        let now = self.time_at(self.lives[who].server);
        let live = &mut self.lives[who];
        let at = Timestamp::from_millis(now);
        let done = match identity {
            Some(identity) => live.session.rebind_at(IDENTITIES[identity], at),
            None => live.session.unbind_at(at),
        };
        done.map_err(|error| format!("not bound: {error}"))?;
        live.identity = identity;
        live.born = (now / 1000).clamp(live.born, live.end);
        if live.next != Next::First {
            live.next = Next::AsOther;
        }
        self.events.count(Event::Rebound);
        self.flush(who, Flush::Ordinary)
    }
}

/// The update that a flush gives, if any.
fn issue<S: Known>(
    session: &mut Session<S>,
    flush: Flush,
    now: u64,
) -> Result<Option<Vec<u8>>, FlushError> {
    let at = Timestamp::from_millis(now);
    let update = match flush {
        Flush::Ordinary => session.flush_at(at)?,
        Flush::Full => Some(session.flush_full_at(at)?),
        Flush::WithoutRenewal => session.flush_without_renewal_at(at)?,
        Flush::Into => {
            let mut out = Vec::new();
            return Ok(session.flush_into_at(&mut out, at)?.map(|_| out));
        }
    };
    Ok(update.map(|update| update.into_bytes()))
}
