//! One state of the world: what was issued, who goes on from what, what is under way, what the client holds.
//!
//! Everything has a fixed size, so that millions of states can be looked at.

/// The most tiers that a model has.
pub(crate) const MAX_TIERS: usize = 3;
/// The most servers that a model has.
pub(crate) const MAX_SERVERS: usize = 3;
/// The most stays: one for the server that opened the session, one for each resume.
pub(crate) const MAX_STAYS: usize = 4;
/// The most updates of one stay.
pub(crate) const MAX_ISSUED: usize = 6;
/// The most sessions: the one opened, and one for each login.
pub(crate) const MAX_SESSIONS: usize = 2;
/// The places for updates.
pub(crate) const SLOTS: usize = MAX_STAYS * MAX_ISSUED;

/// Where an update stands in the table, and thereby each of its cookies together with the tier: which stay issued it, and
/// as which of its updates.
pub(crate) type Slot = u8;

/// No update.
pub(crate) const NONE: Slot = u8::MAX;

/// The place of a stay's update.
pub(crate) const fn slot(stay: usize, number: usize) -> Slot {
    (stay * MAX_ISSUED + number) as Slot
}

/// The stay that issued an update.
pub(crate) const fn stay_of(slot: Slot) -> usize {
    slot as usize / MAX_ISSUED
}

/// As which of its stay's updates one was issued.
pub(crate) const fn number_of(slot: Slot) -> usize {
    slot as usize % MAX_ISSUED
}

/// One flush: the chain as it stands after it, of which the tiers `highest`..0 are new cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Update {
    pub(crate) highest: u8,
    pub(crate) session: u8,
    /// The number of the key under which its cookies are signed.
    pub(crate) key: u8,
    /// When it was issued, by a clock that no server has.
    pub(crate) issued_at: u8,
    /// The sequence numbers, by tier.
    pub(crate) vector: [u8; MAX_TIERS],
    pub(crate) not_before: [u8; MAX_TIERS],
    pub(crate) not_after: [u8; MAX_TIERS],
    /// The whole chain: for each tier the first update that carried its cookie.
    pub(crate) chain: [Slot; MAX_TIERS],
    /// For each tier the update with which its signed values were first issued, `NONE` for those it was opened with.
    pub(crate) values: [Slot; MAX_TIERS],
    /// The mutable values as issued.
    pub(crate) mutable: [u8; MAX_TIERS],
    /// The order of the tags among cookies with the same parent and vector.
    pub(crate) rank: [u8; MAX_TIERS],
}

/// How far a stay's chain has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing was issued in this session.
    #[default]
    New,
    /// Another chain was presented: what comes first is full.
    Presented,
    /// Updates may be partial.
    Running,
}

/// A session's time on one server: from open or resume until the server forgets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) used: bool,
    pub(crate) alive: bool,
    /// The update that issued the lowest cookie presented.
    pub(crate) from: Slot,
    /// Resumed for one request.
    pub(crate) request: bool,
    /// How many updates it issued.
    pub(crate) issued: u8,
    // What a server knows; forgotten when it dies.
    pub(crate) server: u8,
    pub(crate) progress: Progress,
    pub(crate) session: u8,
    pub(crate) key: u8,
    /// The tiers to be re-issued, one bit each.
    pub(crate) touched: u8,
    pub(crate) vector: [u8; MAX_TIERS],
    pub(crate) not_before: [u8; MAX_TIERS],
    pub(crate) not_after: [u8; MAX_TIERS],
    pub(crate) chain: [Slot; MAX_TIERS],
    pub(crate) values: [Slot; MAX_TIERS],
    pub(crate) mutable: [u8; MAX_TIERS],
}

/// What a session's root says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionTimes {
    pub(crate) born: u8,
    pub(crate) end: u8,
}

/// The client's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Jar {
    /// The session held, `NONE` before the first root.
    pub(crate) session: u8,
    /// For each tier the updates whose cookie of it is held, one bit each; of twins the one with the larger values.
    pub(crate) held: [u32; MAX_TIERS],
    /// The best chain, as updates among those held; `NONE` without a chain.
    pub(crate) best: [Slot; MAX_TIERS],
    /// The client's own values: 0 for none, else one more than the value.
    pub(crate) own: [u8; MAX_TIERS],
}

/// What went wrong in a step, against a promise that speaks of steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fault {
    #[default]
    None,
    AckLost,
    FullRefused,
    GapLeftOpen,
    IssuedOver,
    JarWentBack,
    LateShadow,
    PartialShadow,
    ShadowOutlivesCounter,
    WrongKey,
}

/// The whole world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) now: u8,
    /// How far each server's clock is ahead; behind where negative.
    pub(crate) skew: [i8; MAX_SERVERS],
    /// Each server refuses sessions born before.
    pub(crate) revoked: [u8; MAX_SERVERS],
    pub(crate) sessions: [SessionTimes; MAX_SESSIONS],
    pub(crate) stays: [Stay; MAX_STAYS],
    pub(crate) updates: [Update; SLOTS],
    pub(crate) jar: Jar,
    pub(crate) used: Used,
    /// A session went on beside another live one, or from an older chain.
    pub(crate) forked: bool,
    /// The jar changed through a message of a stay that another one had succeeded.
    pub(crate) late: bool,
    pub(crate) fault: Fault,
}

/// What was taken of the scope's bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) changes: u8,
    pub(crate) rollbacks: u8,
    pub(crate) logins: u8,
    pub(crate) clock_steps: u8,
    pub(crate) revocations: u8,
    pub(crate) switches: u8,
}

impl Jar {
    pub(crate) const EMPTY: Self = Self {
        session: NONE,
        held: [0; MAX_TIERS],
        best: [NONE; MAX_TIERS],
        own: [0; MAX_TIERS],
    };

    pub(crate) const fn has_chain(&self) -> bool {
        self.best[0] != NONE
    }
}

impl State {
    pub(crate) fn update(&self, slot: Slot) -> &Update {
        &self.updates[slot as usize]
    }

    /// Every update issued so far.
    pub(crate) fn issued(&self) -> impl Iterator<Item = (Slot, &Update)> {
        self.stays.iter().enumerate().flat_map(move |(stay, of)| {
            (0..of.issued as usize).map(move |number| {
                let slot = slot(stay, number);
                (slot, self.update(slot))
            })
        })
    }

    /// Every cookie of a tier, each by the first update that carried it.
    pub(crate) fn cookies(&self, tier: usize) -> impl Iterator<Item = Slot> {
        self.issued()
            .filter(move |(slot, update)| update.carries(tier) && update.chain[tier] == *slot)
            .map(|(slot, _)| slot)
    }

    /// Stays are numbered in the order in which they began.
    pub(crate) fn newest_stay(&self) -> usize {
        self.stays.iter().filter(|stay| stay.used).count() - 1
    }

    pub(crate) fn live_stays(&self) -> impl Iterator<Item = (usize, &Stay)> {
        self.stays.iter().enumerate().filter(|(_, stay)| stay.alive)
    }

    /// What a server's clock shows.
    pub(crate) fn clock(&self, server: usize) -> u8 {
        self.now.saturating_add_signed(self.skew[server])
    }

    /// Whether the state of `older` went into that of `newer`.
    pub(crate) fn went_into(&self, older: Slot, mut newer: Slot) -> bool {
        while newer != NONE {
            if stay_of(older) == stay_of(newer) {
                return older <= newer;
            }
            newer = self.stays[stay_of(newer)].from;
        }
        false
    }
}

impl Update {
    pub(crate) const fn carries(&self, tier: usize) -> bool {
        tier <= self.highest as usize
    }
}

impl Stay {
    /// Leaves what is known of a stay when its server died.
    pub(crate) fn die(&mut self) {
        *self = Self {
            used: true,
            from: self.from,
            request: self.request,
            issued: self.issued,
            ..Self::default()
        };
    }
}
