//! Clients present what they hold: at a fail-over, to two servers at once, with two requests at once.

use statecookie::{Class, Reason, Timestamp};

use super::events::Event;
use super::live::{Live, Next};
use super::plan::{IDENTITIES, SERVERS};
use super::play::{Flush, Outcome, Play};
use super::server::found;
use crate::oracle::judge::Circumstances;
use crate::schemas::{Known, derived, image, section};
use crate::wire::MOST_TIERS;
use crate::wire::blob::bundle;

impl<S: Known> Play<'_, S> {
    /// The session goes on at another server, if that one takes what the client holds.
    pub(super) fn fail_over(&mut self, who: usize) -> Outcome {
        let server = self.dice.index(SERVERS);
        let Some(live) = self.resume(who, server, false)? else {
            return Ok(());
        };
        self.events.count(Event::FailOver);
        self.lives[who] = live;
        self.edit(who)
    }

    /// Two servers are handed the same bundle, and issue the same at the same moment.
    pub(super) fn fork(&mut self, who: usize) -> Outcome {
        let before = self.dice.clone();
        let servers = [self.dice.index(SERVERS), self.dice.index(SERVERS)];
        let Some(one) = self.resume(who, servers[0], false)? else {
            return Ok(());
        };
        // The client says the same to both.
        let after = std::mem::replace(&mut self.dice, before);
        let _same = [self.dice.index(SERVERS), self.dice.index(SERVERS)];
        let other = self.resume(who, servers[1], false)?;
        self.dice = after;
        self.groups += 1;
        let group = self.groups - 1;
        self.lives[who] = Live { group, ..one };
        let Some(other) = other else {
            return self.flush(who, Flush::Ordinary);
        };
        self.events.count(Event::Fork);
        self.admit(Live { group, ..other });
        self.edit_group(group)
    }

    /// Two requests of one client at once: both go on under the presented chain.
    pub(super) fn requests(&mut self, who: usize) -> Outcome {
        let server = self.dice.index(SERVERS);
        let Some(one) = self.resume(who, server, true)? else {
            return Ok(());
        };
        let other = self.resume(who, server, true)?;
        self.events.count(Event::Requests);
        self.lives[who] = one;
        self.edit(who)?;
        if let Some(other) = other {
            self.admit(other);
            self.edit(self.lives.len() - 1)?;
        }
        Ok(())
    }

    /// Presents what the client of a session holds, or most of it, with values of its own; the oracle must agree.
    fn resume(
        &mut self,
        who: usize,
        server: usize,
        for_request: bool,
    ) -> Result<Option<Live<S>>, String> {
        let now = self.time_at(server);
        let (blob, chain) = self.bundle(who);
        let live = &self.lives[who];
        if live.chain[S::FACTS.tiers() - 1].is_none() {
            return Ok(None);
        }
        let shown = Circumstances {
            server,
            now,
            identity: live.identity,
        };
        let (pool, facts) = &self.pools[server];
        let expected = self.ledger.judge(facts, &shown, &blob);
        let mut presented = pool.present(&blob).at(Timestamp::from_millis(now));
        if let Some(identity) = live.identity {
            presented = presented.identity(IDENTITIES[identity]);
        }
        let resumed = if for_request {
            presented.resume_request()
        } else {
            presented.resume()
        };
        match (expected, resumed) {
            (Ok(expected), Ok(resumed)) => {
                if found(&resumed).image != image(&expected.state) {
                    return Err("an honest client's state came back as another".into());
                }
                if expected.defaulted > 0 {
                    self.events.count(Event::Defaulted);
                }
                let next = if for_request {
                    Next::Any
                } else {
                    Next::OnOtherBranch
                };
                let root = self
                    .ledger
                    .cookie(chain[S::FACTS.tiers() - 1].unwrap_or_default())
                    .root;
                Ok(Some(Live {
                    session: resumed.session,
                    state: expected.state,
                    server,
                    identity: live.identity,
                    born: root.born,
                    end: root.born + root.lifetime,
                    chain,
                    next,
                    group: live.group,
                }))
            }
            (Err(expected), Err(refusal)) if expected == refusal.reason => {
                if matches!(
                    expected,
                    Reason::Expired | Reason::SessionEnded | Reason::KeyExpired
                ) {
                    self.events.count(Event::Expired);
                }
                Ok(None)
            }
            (expected, found) => Err(format!(
                "an honest client: {:?} expected, {:?} found",
                expected.map(|_| "accepted"),
                found.map(|_| "accepted")
            )),
        }
    }

    /// What a client presents, from the root down, and the cookies by tier.
    fn bundle(&mut self, who: usize) -> (Vec<u8>, [Option<usize>; MOST_TIERS]) {
        let withheld = if self.dice.once_in(4) {
            S::FACTS.or_default
        } else {
            0
        };
        let own = self.dice.once_in(3);
        let live = &self.lives[who];
        let mut chain = live.chain;
        chain[..withheld].fill(None);
        let mut state = live.state.clone();
        let mut cookies = Vec::new();
        for tier in (withheld..S::FACTS.tiers()).rev() {
            let Some(number) = chain[tier] else { continue };
            let cookie = self.ledger.cookie(number);
            if own {
                state.vary(tier, &mut self.dice);
                cookies.push([&cookie.signed[..], &section(&state, tier, Class::Mutable)].concat());
            } else {
                cookies.push(cookie.bytes());
            }
        }
        if own {
            self.events.count(Event::OwnValues);
        }
        let derived = derived(&state);
        (bundle(&cookies, derived.as_deref()), chain)
    }
}
