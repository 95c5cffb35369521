//! What a flush gave, held against the model: tiers, counters, times, key, links, and which cookies are the same.

use statecookie::{Timestamp, Update, inspect};

use super::cookies;
use super::pool::{UNIT, key_id, seconds};
use super::same;
use super::visits::Visit;
use super::world::{Done, Real};
use crate::model::state::{NONE, Progress, Slot, State};

impl<S: Visit> Real<S> {
    pub(crate) fn check_issued(
        &self,
        after: &State,
        place: Slot,
        update: &Update,
    ) -> Result<(), String> {
        let rules = &self.scope.rules;
        let model = after.update(place);
        let tiers: Vec<usize> = update.tiers().iter().map(|tier| tier.index()).collect();
        same(
            "tiers issued",
            &(0..=usize::from(model.highest)).rev().collect(),
            &tiers,
        )?;
        same(
            "full",
            &(usize::from(model.highest) == rules.root()),
            &update.is_full(),
        )?;
        let seen = inspect(update).map_err(|error| error.to_string())?;
        for (tier, cookie) in tiers.iter().zip(&seen.cookies) {
            let vector: Vec<u64> = model.vector[*tier..rules.tiers]
                .iter()
                .rev()
                .map(|of| u64::from(*of))
                .collect();
            same(
                format_args!("vector of tier {tier}"),
                &vector,
                &cookie.vector,
            )?;
            self.check_cookie(after, place, *tier)?;
        }
        self.check_chain(after, place)
    }

    /// The same bytes where the model says that it is the same cookie, and a link to its parent.
    fn check_cookie(&self, after: &State, place: Slot, tier: usize) -> Result<(), String> {
        let model = after.update(place);
        let cookie = &self.issued[place as usize].cookies[tier];
        for (other, update) in after
            .issued()
            .filter(|(other, update)| *other != place && update.carries(tier))
        {
            let is_same = update.chain[tier] == model.chain[tier];
            let real = self.issued[other as usize].cookies[tier].signed == cookie.signed;
            same(
                format_args!("tier {tier} of updates {place} and {other} the same"),
                &is_same,
                &real,
            )?;
        }
        same(
            format_args!("mutable values of tier {tier}"),
            &vec![model.mutable[tier]],
            &cookie.mutable,
        )?;
        if tier == self.scope.rules.root() {
            return Ok(());
        }
        let parent = &self.issued[model.chain[tier + 1] as usize].cookies[tier + 1];
        same(
            format_args!("link of tier {tier}"),
            &parent.tag()[..4],
            &cookie.signed[1..5],
        )
    }

    /// Times, session and key, read from the whole chain: the times of a child are relative to its parent's.
    fn check_chain(&self, after: &State, place: Slot) -> Result<(), String> {
        let rules = &self.scope.rules;
        let model = after.update(place);
        let bundle = cookies::bundle(rules, &self.issued, &rules.as_issued(after, place));
        let seen = inspect(&bundle).map_err(|error| error.to_string())?;
        for (tier, cookie) in (0..rules.tiers).rev().zip(&seen.cookies) {
            let begins = seconds(model.not_before[tier]);
            let life = u64::from(model.not_after[tier] - model.not_before[tier]) * UNIT;
            same(
                format_args!("not-before of tier {tier}"),
                &Some(Timestamp::from_secs(begins)),
                &cookie.not_before,
            )?;
            same(
                format_args!("life of tier {tier}"),
                &life,
                &cookie.life.as_secs(),
            )?;
        }
        let root = seen.root.ok_or("a chain without a root")?;
        let times = after.sessions[usize::from(model.session)];
        same("key", &key_id(rules, model.key), &root.key_id.0)?;
        same(
            "session",
            &self.ids[usize::from(model.session)],
            &Some(root.session),
        )?;
        same(
            "born",
            &Timestamp::from_secs(seconds(times.born)),
            &root.born,
        )?;
        same("end", &Timestamp::from_secs(seconds(times.end)), &root.end)?;
        same("required", &rules.required(), &usize::from(root.required))
    }

    /// A new branch after a fail-over and at login, else the one of the chain before.
    pub(crate) fn check_branch(
        &self,
        before: &State,
        at: usize,
        place: Slot,
    ) -> Result<(), String> {
        let (root, stay) = (self.scope.rules.root(), &before.stays[at]);
        let branch =
            |slot: Slot| Some(inspect(&self.issued[slot as usize].blob).ok()?.root?.branch);
        let (old, new) = (stay.chain[root], branch(place));
        if new.is_none() || old == NONE {
            return Ok(());
        }
        same(
            "the branch goes on",
            &(stay.progress == Progress::Running),
            &(branch(old) == new),
        )
    }

    /// Where the model leaves it to the tags which cookie is the greater one: what the tags say.
    pub(crate) fn rank(&self, before: &State, after: &State, place: Slot) -> Result<Done, String> {
        let rules = &self.scope.rules;
        let update = after.update(place);
        let mut tied = (0..=usize::from(update.highest))
            .rev()
            .map(|tier| (tier, rules.tied(before, update, tier)));
        let Some((tier, others)) =
            tied.find(|(tier, others)| update.chain[*tier] == place && !others.is_empty())
        else {
            return Ok(Done::Step);
        };
        let tag = |of: Slot| self.issued[of as usize].cookies[tier].tag();
        let smaller = others
            .iter()
            .filter(|other| tag(**other) < tag(place))
            .count();
        Ok(Done::Ranked(smaller as u8))
    }
}
