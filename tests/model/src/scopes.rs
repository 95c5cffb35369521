//! scopes
use crate::model::rules::Rules;
use crate::model::scope::Scope;

const NOTHING: Scope = Scope {
    name: "nothing",
    rules: Rules::DUO,
    servers: 2,
    skews: &[[0, 0, 0]],
    ticks: 0,
    updates: 4,
    resumes: 1,
    requests: false,

    changes: 0,
    rollbacks: 0,
    logins: 0,
    switches: 0,
    clock_steps: 0,
    revocations: 0,
};

pub(crate) const ALL: &[Scope] = &[
    Scope {
        name: "net",
        updates: 5,
        resumes: 2,
        ..NOTHING
    },
    Scope {
        name: "net3",
        rules: Rules::TRIO,
        updates: 5,
        resumes: 2,
        ..NOTHING
    },
    Scope {
        name: "net33",
        rules: Rules::DUO,
        servers: 3,
        updates: 5,
        resumes: 3,
        ..NOTHING
    },
    Scope {
        name: "time",
        updates: 3,
        resumes: 2,
        ticks: 5,
        skews: &[[0, 1, 0], [1, 0, 0]],
        ..NOTHING
    },
    Scope {
        name: "req",
        rules: Rules::TRIO,
        updates: 4,
        resumes: 2,
        requests: true,
        rollbacks: 1,
        changes: 1,
        ..NOTHING
    },
    Scope {
        name: "login",
        updates: 4,
        resumes: 2,
        logins: 1,
        switches: 2,
        ..NOTHING
    },
    Scope {
        name: "revoke",
        updates: 3,
        resumes: 2,
        revocations: 1,
        ticks: 3,
        clock_steps: 1,
        ..NOTHING
    },
];
