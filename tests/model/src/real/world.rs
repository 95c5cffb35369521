//! A pool of real servers and a real client, which do what the model does.

use statecookie::{Jar, Presentation, Session};

use super::cookies::{self, Issued};
use super::pool::{IDENTITY, Servers, scramble, time};
use super::same;
use super::visits::{Values, Visit};
use crate::model::accept::Presented;
use crate::model::action::{Action, What};
use crate::model::issue::Occasion;
use crate::model::scope::Scope;
use crate::model::state::{MAX_SESSIONS, MAX_STAYS, MAX_TIERS, NONE, SLOTS, Slot, State, slot};
use crate::model::tally::Tally;

/// One world of real things.
pub(crate) struct Real<S: Visit> {
    pub(crate) scope: Scope,
    pub(crate) seed: u64,
    servers: Servers<S>,
    pub(crate) sessions: [Option<Session<S>>; MAX_STAYS],
    pub(crate) issued: Issued,
    pub(crate) jar: Jar,
    /// The ids of the sessions, as they were first seen.
    pub(crate) ids: [Option<[u8; 16]>; MAX_SESSIONS],
    /// What happened so far.
    pub(crate) tally: Tally,
    steps: u64,
}

/// What came of a step that only reality can say.
pub(crate) enum Done {
    /// All that the model says.
    Step,
    /// An update whose tag is greater than so many of those that it is tied with.
    Ranked(u8),
}

impl<S: Visit> Real<S> {
    /// The world at the start of a path.
    pub(crate) fn begin(
        scope: &Scope,
        servers: &Servers<S>,
        state: &State,
        seed: u64,
    ) -> Result<Self, String> {
        let mut real = Self {
            scope: scope.clone(),
            seed,
            servers: servers.clone(),
            sessions: Default::default(),
            issued: std::array::from_fn::<_, SLOTS, _>(|_| Default::default()),
            jar: Jar::new(),
            ids: Default::default(),
            tally: Tally::default(),
            steps: 0,
        };
        // A pool cannot be told to forget what it refuses.
        if scope.revocations > 0 {
            real.servers = Servers::of(scope)?;
        }
        real.shake();
        let opened = S::of(&real.values(&[NONE; MAX_TIERS], &[0; MAX_TIERS]));
        let session = real.servers.pools[0]
            .open_at(opened, time(state.clock(0)))
            .map_err(|error| error.to_string())?;
        real.ids[0] = Some(session.id());
        real.sessions[0] = Some(session);
        Ok(real)
    }

    fn shake(&mut self) {
        self.servers.shake(self.seed ^ self.steps << 48);
        self.steps += 1;
    }

    /// The values that the model means.
    pub(crate) fn values(&self, origins: &[Slot; MAX_TIERS], mutable: &[u8; MAX_TIERS]) -> Values {
        let mut values = Values {
            mutable: *mutable,
            ..Values::default()
        };
        for tier in (0..self.scope.rules.tiers).filter(|tier| self.scope.rules.has_signed(*tier)) {
            values.signed[tier] = self.number(tier, origins[tier]);
        }
        values
    }

    /// The number that stands for a tier's signed values, told apart by the update with which they came.
    fn number(&self, tier: usize, origin: Slot) -> u64 {
        scramble(self.seed ^ (tier as u64) << 40 ^ u64::from(origin) << 32) >> 1
    }

    /// Does what the model did to come from `before` to `after`.
    pub(crate) fn step(
        &mut self,
        before: &State,
        after: &State,
        action: Action,
    ) -> Result<Done, String> {
        self.shake();
        match action {
            Action::Issue { stay, occasion, .. } => {
                return self.issue(before, after, stay.into(), occasion);
            }
            Action::Deliver { slot } => self.deliver(before, slot)?,
            Action::Switch { slot } => {
                let blob = &self.issued[slot as usize].blob;
                self.jar.switch(blob).map_err(|error| error.to_string())?;
            }
            Action::Change { tier } => {
                let value = after.jar.own[usize::from(tier)] - 1;
                S::change(&mut self.jar, tier.into(), value)?;
            }
            Action::Resume {
                server,
                what,
                request,
            } => self.resume(before, after, server.into(), what, request)?,
            Action::Login { stay } => self.login(before, after, stay.into())?,
            Action::Crash { stay } => self.sessions[usize::from(stay)] = None,
            Action::Revoke { server } => {
                self.servers.pools[usize::from(server)]
                    .refuse_born_before(time(before.clock(server.into())));
            }
            Action::Tick | Action::PutClock { .. } => {}
        }
        Ok(Done::Step)
    }

    fn issue(
        &mut self,
        before: &State,
        after: &State,
        at: usize,
        occasion: Occasion,
    ) -> Result<Done, String> {
        let place = slot(at, before.stays[at].issued.into());
        let number = occasion.tier().map(|tier| (tier, self.number(tier, place)));
        let now = time(before.clock(before.stays[at].server.into()));
        let session = self.sessions[at]
            .as_mut()
            .ok_or("no session is alive there")?;
        if let Some((tier, number)) = number {
            S::edit(session, tier, number)?;
        }
        let update = match occasion {
            Occasion::Full => session.flush_full_at(now).map(Some),
            Occasion::Quiet(_) => session.flush_without_renewal_at(now),
            Occasion::Ordinary | Occasion::Edit(_) => session.flush_at(now),
        };
        let update = update
            .map_err(|error| error.to_string())?
            .ok_or("nothing was issued")?;
        self.issued[place as usize] =
            cookies::cut(&update).ok_or("an update that cannot be cut")?;
        self.check_issued(after, place, &update)?;
        self.check_branch(before, at, place)?;
        self.rank(before, after, place)
    }

    fn deliver(&mut self, before: &State, slot: Slot) -> Result<(), String> {
        let real = self
            .jar
            .merge(&self.issued[slot as usize].blob)
            .map_err(|error| error.to_string())?;
        let (_, model) = self.scope.rules.merge(before, slot);
        same("merge", &format!("{model:?}"), &format!("{real:?}"))
    }

    fn resume(
        &mut self,
        before: &State,
        after: &State,
        server: usize,
        what: What,
        request: bool,
    ) -> Result<(), String> {
        let presented = self
            .scope
            .rules
            .presented(before, what)
            .ok_or("nothing to present")?;
        let bundle = match what {
            What::Best => self.jar.bundle().map_err(|error| error.to_string())?,
            _ => cookies::bundle(&self.scope.rules, &self.issued, &presented),
        };
        let presentation = self.present(before, server, &presented, &bundle);
        let resumed = if request {
            presentation.resume_request()
        } else {
            presentation.resume()
        };
        let session = resumed.map_err(|refusal| refusal.to_string())?.session;
        self.sessions[after.newest_stay()] = Some(session);
        Ok(())
    }

    /// A presentation to a server, with the identity that goes with it.
    pub(crate) fn present<'a>(
        &'a self,
        state: &State,
        server: usize,
        presented: &Presented,
        bundle: &'a [u8],
    ) -> Presentation<'a, S> {
        let presentation = self.servers.pools[server]
            .present(bundle)
            .at(time(state.clock(server)));
        let root = presented.cookies[self.scope.rules.root()];
        if presented.identity && root != NONE && state.update(root).session > 0 {
            presentation.identity(IDENTITY)
        } else {
            presentation
        }
    }

    fn login(&mut self, before: &State, after: &State, at: usize) -> Result<(), String> {
        let now = time(before.clock(before.stays[at].server.into()));
        let session = self.sessions[at]
            .as_mut()
            .ok_or("no session is alive there")?;
        session
            .rebind_at(IDENTITY, now)
            .map_err(|error| error.to_string())?;
        self.ids[usize::from(after.stays[at].session)] = Some(session.id());
        Ok(())
    }
}
