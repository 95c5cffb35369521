//! Bundles and updates that a server accepts, and what it restores from them.

use serde_json::{Value, json};
use statecookie::Timestamp;

use crate::blob::{bundle, cookies, section_of, with_section};
use crate::derived;
use crate::good_wide;
use crate::make::{Case, NOW, basket, bound, embedded, full, note, ring, world};
use crate::own;
use crate::run;
use crate::schemas::{Basket, Mode, Note, Spot, World};

pub(crate) fn all() -> Value {
    let mut cases = plain();
    cases.extend(times());
    cases.extend(clients_own());
    cases.extend(chains());
    cases.extend(good_wide::all());
    cases.extend(own::accepted());
    cases.extend(derived::accepted());
    json!(cases)
}

fn plain() -> Vec<Value> {
    let (embedded, ring) = (embedded(), ring());
    let quiet = Note {
        author: String::new(),
        rights: None,
        text: String::new(),
        quality: 0,
    };
    let of_note = |name, pool, state: &Note| {
        Case::new(name, "Note", pool, &full(pool, state)).gives(state, &[])
    };
    let identity = b"user:42";
    vec![
        of_note("one-tier-full-update-embedded-key", &embedded, &note()),
        of_note("one-tier-full-update-ring-key", &ring, &note()),
        of_note("one-tier-all-empty", &embedded, &quiet),
        Case::new(
            "two-tiers-signed-bound",
            "Basket",
            &ring,
            &full(&ring, &basket()),
        )
        .gives(&basket(), &[]),
        Case::new(
            "three-tiers-every-shape",
            "World",
            &embedded,
            &full(&embedded, &world()),
        )
        .gives(&world(), &[]),
        Case::new(
            "bound-to-an-identity",
            "Basket",
            &embedded,
            &bound(&embedded, &basket(), identity),
        )
        .identity(identity)
        .gives(&basket(), &[]),
        Case::new(
            "bound-to-the-empty-identity",
            "Note",
            &ring,
            &bound(&ring, &note(), b""),
        )
        .identity(b"")
        .gives(&note(), &[]),
    ]
}

/// To the millisecond at both ends, and what an expired tier takes.
fn times() -> Vec<Value> {
    let (pool, state) = (embedded(), world());
    let blob = full(&pool, &state);
    let case = |name| Case::new(name, "World", &pool, &blob);
    let free = Basket {
        least: 0,
        ..basket()
    };
    let free_blob = full(&pool, &free);
    let bare = Basket {
        quantity: 0,
        currency: String::new(),
        ..free.clone()
    };
    let root_only = bundle(&cookies(&free_blob)[..1]);
    vec![
        case("early-by-just-the-leeway")
            .at_ms(NOW * 1000 - 15_000)
            .gives(&state, &[]),
        case("late-by-just-the-leeway")
            .at_ms((NOW + 30) * 1000 + 15_000)
            .gives(&state, &[]),
        case("lowest-tier-expired-by-a-millisecond")
            .at_ms((NOW + 30) * 1000 + 15_001)
            .gives(&without_lowest(&state), &[0]),
        Case::new("lowest-tier-expired", "Basket", &pool, &free_blob)
            .at_ms((NOW + 700) * 1000)
            .gives(&bare, &[0]),
        Case::new("lowest-tier-missing", "Basket", &pool, &root_only).gives(&bare, &[0]),
    ]
}

fn without_lowest(state: &World) -> World {
    World {
        position: [[0.0; 2]; 2],
        yaw: 0.0,
        tags: Vec::new(),
        pause: core::time::Duration::ZERO,
        offset: 0,
        spot: Spot::default(),
        digit: None,
        wide: 0,
        ready: false,
        choice: None,
        ..state.clone()
    }
}

/// Mutable sections that the client wrote.
fn clients_own() -> Vec<Value> {
    let (pool, state) = (embedded(), basket());
    let blob = full(&pool, &state);
    let greatest = Basket {
        quantity: 20,
        currency: "USD".into(),
        ..state.clone()
    };
    let own = with_section(&blob, &state, 0, &section_of(&greatest, 0));
    let walking = World {
        mode: Mode::Walk,
        letter: 'f',
        step: 1000,
        ..world()
    };
    let world_blob = full(&pool, &world());
    let walked = with_section(&world_blob, &world(), 1, &section_of(&walking, 1));
    let mut padded = own.clone();
    padded.resize(padded.len().next_multiple_of(4), 0);
    vec![
        Case::new("own-values-at-the-signed-bound", "Basket", &pool, &own).gives(&greatest, &[]),
        Case::new("own-values-of-the-middle-tier", "World", &pool, &walked).gives(&walking, &[]),
        Case::new("padded-to-a-multiple-of-four", "Basket", &pool, &padded).gives(&greatest, &[]),
    ]
}

/// Chains whose cookies were issued at different times.
fn chains() -> Vec<Value> {
    let (pool, state) = (ring(), world());
    let first = full(&pool, &state);
    let server = run::pool::<World>(&pool);
    let mut session = server
        .resume_at(&first, Timestamp::from_secs(NOW + 10))
        .unwrap()
        .session;
    let full = session
        .flush_at(Timestamp::from_secs(NOW + 10))
        .unwrap()
        .unwrap();
    session.edit().set_yaw(12.5).unwrap();
    let lowest = session
        .flush_at(Timestamp::from_secs(NOW + 12))
        .unwrap()
        .unwrap();
    let mut joined = cookies(&full)[..2].to_vec();
    joined.extend(cookies(&lowest));
    let changed = World {
        yaw: 12.5,
        ..state.clone()
    };
    // Half an hour on the second key signs; the root of the first is still good under it.
    let rekeyed = rekeyed(&pool);
    vec![
        Case::new("after-a-fail-over", "World", &pool, &full)
            .at_ms((NOW + 11) * 1000)
            .gives(&state, &[]),
        Case::new(
            "with-a-newer-lowest-cookie",
            "World",
            &pool,
            &bundle(&joined),
        )
        .at_ms((NOW + 13) * 1000)
        .gives(&changed, &[]),
        Case::new("under-the-next-key-of-the-ring", "Basket", &pool, &rekeyed)
            .at_ms((NOW + 1_900) * 1000)
            .gives(&basket(), &[]),
    ]
}

fn rekeyed(pool: &Value) -> Vec<u8> {
    let mut session = run::pool::<Basket>(pool)
        .open_at(basket(), Timestamp::from_secs(NOW))
        .unwrap();
    let _ = session.flush_at(Timestamp::from_secs(NOW)).unwrap();
    let update = session.flush_at(Timestamp::from_secs(NOW + 1_850)).unwrap();
    update.unwrap().into_bytes()
}
