//! The pools and cases that the vectors are made of.

use serde::Serialize;
use serde_json::{Value, json};
use statecookie::{StateCookie, Timestamp};

use crate::run::{self, hex};
pub(crate) use statecookie_tests::kit::NOW;
pub(crate) use statecookie_tests::kit::states::{
    archive, basket, film, glider, ladder, note, numbers, till, world,
};

/// A pool with the embedded default, made from the bytes 0 to 31.
pub(crate) fn embedded() -> Value {
    let secret = hex(&(0..32).collect::<Vec<u8>>());
    json!({
        "name": "vectors",
        "keys": { "embedded": { "secret": secret, "rotation": 10_800, "skew": 60 } },
    })
}

/// A pool with a list of two keys; the first signs until half an hour after `NOW`.
pub(crate) fn ring() -> Value {
    let key = |id: u64, first: u8, activates_at: u64| {
        json!({
            "id": id,
            "secret": hex(&(first..first + 40).collect::<Vec<u8>>()),
            "activates_at": activates_at,
            "sign_until": activates_at + 10_800,
            "accept_until": activates_at + 32_400,
        })
    };
    json!({
        "name": "Straße 7",
        "keys": { "ring": [key(7, 0, NOW - 9_000), key(0xdead_beef, 100, NOW + 1_800)] },
    })
}

/// A case without its expectation.
#[derive(Clone)]
pub(crate) struct Case(pub(crate) Value);

impl Case {
    /// `blob` is presented to the pool one second after `NOW`.
    pub(crate) fn new(name: &str, schema: &str, pool: &Value, blob: &[u8]) -> Self {
        Self(json!({
            "name": name,
            "schema": schema,
            "pool": pool,
            "now_ms": (NOW + 1) * 1000,
            "blob": hex(blob),
        }))
    }

    pub(crate) fn at_ms(mut self, now_ms: u64) -> Self {
        self.0["now_ms"] = now_ms.into();
        self
    }

    pub(crate) fn identity(mut self, identity: &[u8]) -> Self {
        self.0["identity"] = hex(identity).into();
        self
    }

    pub(crate) fn pooled(mut self, pool: Value) -> Self {
        self.0["pool"] = pool;
        self
    }

    pub(crate) fn setting(mut self, name: &str, value: u64) -> Self {
        self.0["pool"][name] = value.into();
        self
    }

    /// The case with what the library makes of it, which must be these values with these tiers defaulted.
    pub(crate) fn gives<S: Serialize>(mut self, state: &S, defaulted: &[u8]) -> Value {
        let values = serde_json::to_value(state).unwrap();
        self.0["expect"] = json!({ "values": values, "defaulted": defaulted });
        self.checked()
    }

    /// The case with what the library makes of it, which must be this reason, and tier and field where they are said.
    pub(crate) fn refused(mut self, reason: &str) -> Value {
        let found = run::resume(&self.0);
        assert_eq!(found["reason"], reason, "{}: {found}", self.0["name"]);
        self.0["expect"] = found;
        self.0
    }

    fn checked(self) -> Value {
        assert_eq!(run::resume(&self.0), self.0["expect"], "{}", self.0["name"]);
        self.0
    }
}

/// The full update of a new session.
pub(crate) fn full<S: StateCookie + Clone>(pool: &Value, state: &S) -> Vec<u8> {
    let mut session = run::pool::<S>(pool)
        .open_at(state.clone(), Timestamp::from_secs(NOW))
        .unwrap();
    session
        .flush_at(Timestamp::from_secs(NOW))
        .unwrap()
        .unwrap()
        .into_bytes()
}

/// The full update of a new session that is bound to a client.
pub(crate) fn bound<S: StateCookie + Clone>(pool: &Value, state: &S, identity: &[u8]) -> Vec<u8> {
    let now = Timestamp::from_secs(NOW);
    let mut session = run::pool::<S>(pool).open_at(state.clone(), now).unwrap();
    session.rebind(identity).unwrap();
    session.flush_at(now).unwrap().unwrap().into_bytes()
}
