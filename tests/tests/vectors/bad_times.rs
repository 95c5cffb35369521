//! Refused for times, to the millisecond, and for keys: signed by a server of the pool that another clock or deploy misled.

use serde_json::{Value, json};
use statecookie::{StateCookie, inspect};
use statecookie_tests::kit::parts::Parts;
use statecookie_tests::kit::sign::period_secret;

use crate::make::{Case, NOW, embedded, full};
use crate::run;
use crate::sample::{Sample, long_ring, of_each, resigned};
use crate::schemas::{Basket, Note, World};
use crate::schemas_deep::{Archive, Till};
use crate::schemas_wide::{Ladder, Numbers};

pub(crate) fn all() -> Vec<Value> {
    let mut cases: Vec<Value> = of_each!(times);
    cases.extend(sessions());
    cases.extend(keys());
    cases.extend(revoked_keys());
    cases.extend(revoked_sessions());
    cases
}

/// The lowest tier that must not be missing, counted from 0.
fn least<S: StateCookie>() -> usize {
    S::TABLE
        .tiers
        .iter()
        .take_while(|tier| tier.or_default)
        .count()
}

fn times<S: Sample>() -> Vec<Value> {
    let pool = long_ring();
    let blob = full(&pool, &S::sample());
    let case = |name: &str, ms: u64| {
        Case::new(&format!("{}-{name}", S::short()), S::NAME, &pool, &blob).at_ms(ms)
    };
    let over = (NOW + S::valid_for(least::<S>())) * 1000;
    let late = resigned::<S>(|chain| {
        let last = chain.len() - 1;
        chain[last].set_number("later", 100);
    });
    vec![
        case("a-millisecond-too-early", NOW * 1000 - S::leeway() - 1).refused("not-yet-valid"),
        case("a-millisecond-too-late", over + S::leeway() + 1).refused("expired"),
        case("late-without-a-leeway", over + 1)
            .setting("leeway_ms", 0)
            .refused("expired"),
        case("of-a-revoked-pool", (NOW + 1) * 1000)
            .setting("refuse_born_before", NOW + 1)
            .refused("revoked"),
        S::case("lowest-from-a-clock-far-ahead", &late).refused("not-yet-valid"),
    ]
}

fn sessions() -> Vec<Value> {
    let ended = |name: &str, bend: &dyn Fn(&mut Parts), ms: u64| {
        let blob = resigned::<Archive>(|chain| bend(&mut chain[0]));
        Archive::case(name, &blob)
            .at_ms(ms)
            .refused("session-ended")
    };
    let now = (NOW + 1) * 1000;
    let revoked = |name: &str, blob: &[u8], secs: u64| {
        Till::case(name, blob)
            .setting("refuse_born_before", secs)
            .refused("revoked")
    };
    let old = resigned::<Till>(|chain| {
        chain[0].set_number("born", NOW - 5);
        chain[0].set_number("later", 5);
    });
    vec![
        ended(
            "of-no-lifetime",
            &|root| root.set_number("lifetime", 0),
            now,
        ),
        ended("of-one-second", &|root| root.set_number("lifetime", 1), now),
        ended(
            "one-millisecond-at-its-end",
            &|root| root.set_number("lifetime", 2),
            now + 1000,
        ),
        ended(
            "born-two-days-ago",
            &|root| {
                root.set_number("born", NOW + 1 - 172_800);
                root.set_number("lifetime", 1 << 40);
                root.set_number("later", 172_799);
            },
            now,
        ),
        ended(
            "born-in-1970",
            &|root| {
                root.set_number("born", 0);
                root.set_number("lifetime", 1 << 50);
                root.set_number("later", NOW);
            },
            now,
        ),
        ended(
            "at-its-end-and-over",
            &|root| {
                root.set_number("lifetime", 1);
                root.set_number("life", 0);
            },
            now,
        ),
        ended(
            "at-its-end-and-not-begun",
            &|root| {
                root.set_number("lifetime", 0);
                root.set_number("later", 5_000);
            },
            now,
        ),
        revoked("renewed-but-born-before", &old, NOW - 4),
        revoked("born-before-tomorrow", &Till::blob(), NOW + 86_400),
        revoked(
            "at-its-end-and-revoked",
            &resigned::<Till>(|chain| chain[0].set_number("lifetime", 0)),
            NOW + 1,
        ),
        revoked(
            "early-and-revoked",
            &resigned::<Till>(|chain| chain[0].set_number("later", 999)),
            NOW + 1,
        ),
        Basket::case(
            "tier-that-the-root-requires-over",
            &resigned::<Basket>(|chain| chain[0].set("required", &[2])),
        )
        .at_ms((NOW + 700) * 1000)
        .refused("expired"),
        World::case(
            "life-of-nothing",
            &resigned::<World>(|chain| chain[1].set("life", &[0])),
        )
        .at_ms(NOW * 1000 + 15_001)
        .refused("expired"),
        Ladder::case(
            "early-below-a-tier-that-is-over",
            &resigned::<Ladder>(|chain| {
                chain[6].set("life", &[0]);
                chain[7].set_number("later", 200);
            }),
        )
        .at_ms((NOW + 60) * 1000)
        .refused("not-yet-valid"),
        World::case(
            "later-than-all-time",
            &resigned::<World>(|chain| {
                chain[0].set_number("born", 0);
                chain[0].set_number("lifetime", 1 << 60);
                chain[0].set_number("later", 1 << 62);
            }),
        )
        .at_ms(1_000)
        .pooled(young())
        .refused("not-yet-valid"),
    ]
}

/// A pool like the embedded one whose clock is at its beginning: only the key of `NOW` is held, in a ring.
fn young() -> Value {
    let period = NOW / 10_800;
    let root = embedded()["keys"]["embedded"]["secret"].clone();
    let secret = period_secret(&run::unhex(&root), 10_800, period as u32);
    json!({ "name": "vectors", "keys": { "ring": [{
        "id": period, "secret": run::hex(&secret),
        "activates_at": NOW - 10, "sign_until": NOW + 10_000, "accept_until": NOW + 200_000,
    }] } })
}

fn keys() -> Vec<Value> {
    let ring = long_ring();
    let blob = full(&ring, &Note::sample());
    let case = |name: &str, pool: &Value, ms: u64| Case::new(name, "Note", pool, &blob).at_ms(ms);
    let mut gone = ring.clone();
    gone["keys"]["ring"][0]["id"] = 9.into();
    let end = (NOW - 100 + 200_000) * 1000;
    vec![
        case("key-of-a-ring-at-its-end", &ring, end).refused("key-expired"),
        case("key-of-a-ring-long-over", &ring, u64::MAX).refused("key-expired"),
        case("key-of-a-ring-whatever-the-leeway", &ring, end)
            .setting("leeway_ms", 3_599_000)
            .refused("key-expired"),
        case("key-known-under-another-id", &gone, NOW * 1000).refused("unknown-key"),
        case(
            "key-of-a-ring-in-a-pool-of-periods",
            &embedded(),
            NOW * 1000,
        )
        .refused("key-expired"),
        case("key-0-of-a-ring-in-the-first-period", &embedded(), 0).refused("bad-tag"),
    ]
}

/// One session alone is refused, once the root's tag is proven.
fn revoked_sessions() -> Vec<Value> {
    let id = run::hex(&inspect(&Note::blob()).unwrap().root.unwrap().session);
    let mut pool = embedded();
    pool["refuse_sessions"] = json!([id, run::hex(&[1; 16])]);
    let case = |name: &str, blob: &[u8]| Case::new(name, "Note", &pool, blob);
    let mut forged = Note::blob();
    *forged.last_mut().unwrap() ^= 1;
    vec![
        case("session-refused-alone", &Note::blob()).refused("revoked"),
        case("session-refused-alone-before-its-end", &Note::blob())
            .at_ms((NOW + 1_000_000) * 1000)
            .refused("key-expired"),
        case(
            "session-refused-alone-and-over",
            &resigned::<Note>(|chain| chain[0].set_number("lifetime", 0)),
        )
        .refused("revoked"),
        case(
            "session-refused-alone-and-too-early",
            &resigned::<Note>(|chain| chain[0].set_number("later", 999)),
        )
        .refused("revoked"),
        case("session-refused-alone-before-what-it-holds", &forged).refused("revoked"),
    ]
}

/// A key that was revoked is refused whatever its times, the tag and all that stands in the cookies say.
fn revoked_keys() -> Vec<Value> {
    let lost = lost();
    let case = |name: &str, ms: u64, bend: &dyn Fn(&mut Parts)| {
        let blob = resigned::<Note>(|chain| bend(&mut chain[0]));
        Case::new(name, "Note", &lost, &blob).at_ms(ms)
    };
    let mut forged = Note::blob();
    *forged.last_mut().unwrap() ^= 1;
    let mut forgotten = lost.clone();
    forgotten["keys"]["ring"].as_array_mut().unwrap().remove(0);
    let now = (NOW + 1) * 1000;
    vec![
        case("key-revoked", now, &|_| {}).refused("key-revoked"),
        case("key-revoked-and-over", (NOW + 200_000) * 1000, &|_| {}).refused("key-revoked"),
        case("key-revoked-and-long-over", u64::MAX, &|_| {}).refused("key-revoked"),
        case("key-revoked-before-it-activates", 0, &|_| {}).refused("key-revoked"),
        case("key-revoked-before-its-session", now, &|_| {})
            .setting("refuse_born_before", NOW + 9)
            .refused("key-revoked"),
        case("key-revoked-before-the-end-of-a-session", now, &|root| {
            root.set_number("lifetime", 0);
        })
        .refused("key-revoked"),
        Case::new("key-revoked-before-what-it-holds", "Note", &lost, &forged)
            .refused("key-revoked"),
        case("key-not-held-beside-a-revoked-one", now, &|_| {})
            .pooled(forgotten)
            .refused("unknown-key"),
    ]
}

/// The pool with the key of `NOW` revoked, and with another one to sign with.
fn lost() -> Value {
    let mut pool = young();
    let ring = pool["keys"]["ring"].as_array_mut().unwrap();
    ring[0]["revoked"] = true.into();
    ring.push(json!({
        "id": 77, "secret": run::hex(&(70..110).collect::<Vec<u8>>()),
        "activates_at": NOW - 50, "sign_until": NOW + 10_000, "accept_until": NOW + 200_000,
    }));
    pool
}
