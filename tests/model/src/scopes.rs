//! The bounds, and how many states there are within them: a number that changes is a model that changed.

use crate::model::rules::Rules;
use crate::model::scope::Scope;

/// Two servers and one fail-over; nothing else ever happens.
pub(crate) const BASE: Scope = Scope {
    name: "base",
    rules: Rules::DUO,
    servers: 2,
    skews: &[[0, 0, 0]],
    ticks: 0,
    updates: 4,
    resumes: 2,
    quiet: false,
    requests: false,
    changes: 0,
    rollbacks: 0,
    logins: 0,
    switches: 0,
    clock_steps: 0,
    revocations: 0,
    apart: 0,
};

/// A scope, the number of states in it, and how deep all its paths are run on the real library.
pub(crate) struct Bounds {
    pub(crate) scope: Scope,
    pub(crate) states: u64,
    pub(crate) depth: usize,
}

/// What is searched completely in every run.
pub(crate) const SHORT: &[Bounds] = &[
    Bounds {
        scope: NETWORK,
        states: 6_478_710,
        depth: 7,
    },
    Bounds {
        scope: FORKS,
        states: 1_109_703,
        depth: 6,
    },
    Bounds {
        scope: TIME,
        states: 7_726_805,
        depth: 7,
    },
    Bounds {
        scope: TIERS,
        states: 2_233_079,
        depth: 6,
    },
    Bounds {
        scope: REQUESTS,
        states: 1_122_470,
        depth: 5,
    },
    Bounds {
        scope: LOGIN,
        states: 868_844,
        depth: 7,
    },
    Bounds {
        scope: CLOCKS,
        states: 534_029,
        depth: 5,
    },
];

/// Many updates, lost, late, again and in any order; fail-overs with and without a fork.
const NETWORK: Scope = Scope {
    name: "network",
    updates: 6,
    ..BASE
};

/// The same, small enough to find the shortest ways.
pub(crate) const FINDINGS: Scope = Scope {
    name: "findings",
    updates: 5,
    ..BASE
};

/// Three servers.
const FORKS: Scope = Scope {
    name: "forks",
    servers: 3,
    updates: 5,
    ..BASE
};

/// Renewal, expiry, rotation and the session's end, with one clock ahead.
const TIME: Scope = Scope {
    name: "time",
    skews: &[[0, 1, 0], [1, 0, 0]],
    ticks: 8,
    updates: 3,
    apart: 1,
    ..BASE
};

/// Three tiers, the lowest with defaults; flushes with and without renewal.
const TIERS: Scope = Scope {
    name: "tiers",
    rules: Rules::TRIO,
    ticks: 5,
    updates: 3,
    quiet: true,
    ..BASE
};

/// Three tiers, resumed for one request or for good, from older chains and without the lowest cookie.
const REQUESTS: Scope = Scope {
    name: "requests",
    rules: Rules::TRIO,
    updates: 3,
    requests: true,
    changes: 1,
    rollbacks: 1,
    ..BASE
};

/// A login in the middle, and a client that goes over to the new session.
const LOGIN: Scope = Scope {
    name: "login",
    updates: 4,
    logins: 1,
    switches: 2,
    ..BASE
};

/// Clocks further apart than the leeway, put forwards and back; sessions revoked.
const CLOCKS: Scope = Scope {
    name: "clocks",
    skews: &[[1, -1, 0]],
    ticks: 3,
    updates: 2,
    clock_steps: 1,
    revocations: 1,
    apart: 3,
    ..BASE
};

/// Everything at once, for random paths only: too large to be searched.
pub(crate) const WIDE: &[Scope] = &[
    Scope {
        name: "wide, two tiers",
        ..WIDEST
    },
    Scope {
        name: "wide, three tiers",
        rules: Rules::TRIO,
        ..WIDEST
    },
];

const WIDEST: Scope = Scope {
    name: "wide",
    rules: Rules::DUO,
    servers: 3,
    skews: &[[0, 0, 0], [0, 1, -1], [1, 0, -1], [-1, 1, 0]],
    ticks: 9,
    updates: 8,
    resumes: 3,
    quiet: true,
    requests: true,
    changes: 2,
    rollbacks: 1,
    logins: 1,
    switches: 2,
    clock_steps: 1,
    revocations: 1,
    apart: 3,
};
