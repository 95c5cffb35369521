//! Bundles with a derived section that a server accepts; and a schema whose server holds changes back.

use serde_json::Value;
use statecookie_tests::field_source::derived;

use crate::blob::{bundle, cookies, deriving, section_of, with_section};
use crate::make::{Case, NOW, bound, embedded, film, full, glider, ring};
use crate::run;
use crate::sample::{Sample, after};
use crate::schemas_derived::{Film, Glider, Viewport};

/// The film's bundle with the derived values of another state.
pub(crate) fn supplied(state: &Film) -> Vec<u8> {
    deriving(&cookies(&Film::blob()), &derived(state))
}

pub(crate) fn accepted() -> Vec<Value> {
    let mut cases = values();
    cases.extend(chains());
    cases.extend(approximate());
    cases
}

fn values() -> Vec<Value> {
    let view = |width, zoom| Viewport { width, zoom };
    #[rustfmt::skip]
    let states = [
        ("whole", film()),
        ("at-its-beginning", Film { position_ms: 0, ..film() }),
        ("at-its-signed-end", Film { position_ms: 90_000, ..film() }),
        ("silent", Film { volume: 0, ..film() }),
        ("loud", Film { volume: 100, ..film() }),
        ("without-subtitle", Film { subtitle: String::new(), ..film() }),
        ("subtitle-of-its-greatest-length", Film { subtitle: "größe".chars().take(4).collect(), ..film() }),
        ("narrow", Film { viewport: view(1, 0.5), ..film() }),
        ("wide", Film { viewport: view(7680, 2.0), ..film() }),
    ];
    let rows = states.map(|(name, state)| Film::case(name, &supplied(&state)).gives(&state, &[]));
    rows.into()
}

fn chains() -> Vec<Value> {
    let (whole, values) = (cookies(&Film::blob()), derived(&film()));
    let unread = Film {
        quality: 0,
        subtitle: String::new(),
        ..film()
    };
    let mut padded = supplied(&film());
    padded.resize(padded.len().next_multiple_of(4), 0);
    let identity = b"user:42";
    let bound = cookies(&bound(&ring(), &film(), identity));
    let own = with_section(&Film::blob(), &film(), 0, &[8]);
    let silent = derived(&unread);
    let of_eight = Film {
        quality: 8,
        ..film()
    };
    vec![
        Film::case("padded", &padded).gives(&film(), &[]),
        Film::case("root-alone", &deriving(&whole[..1], &silent)).gives(&unread, &[0]),
        Film::case("lowest-tier-expired", &deriving(&whole, &silent))
            .at_ms((NOW + 661) * 1000)
            .gives(&unread, &[0]),
        Film::case("own-values-too", &deriving(&cookies(&own), &values)).gives(&of_eight, &[]),
        Film::case("bound-under-a-ring", &deriving(&bound, &values))
            .pooled(ring())
            .identity(identity)
            .gives(&film(), &[]),
        Film::case("under-newer-cookies", &newer()).gives(
            &Film {
                quality: 2,
                ..film()
            },
            &[],
        ),
    ]
}

/// The chain after a partial update; the values are those of before.
fn newer() -> Vec<u8> {
    let mut session = run::pool(&embedded()).open_at(film(), after(0)).unwrap();
    let first = session.flush_at(after(0)).unwrap().unwrap().into_bytes();
    session.edit().set_quality(2).unwrap();
    let second = session.flush_at(after(1)).unwrap().unwrap().into_bytes();
    let chain = [
        cookies(&first)[0].clone(),
        cookies(&second).last().unwrap().clone(),
    ];
    deriving(&chain, &derived(&film()))
}

/// Nothing on the wire tells of what was held back.
fn approximate() -> Vec<Value> {
    let landed = Glider {
        landed: true,
        yaw: 0.0,
        position: [-0.0, 500.0, -500.0],
        ..glider()
    };
    let own = with_section(&Glider::blob(), &glider(), 0, &section_of(&landed, 0));
    vec![
        Glider::case("whole", &Glider::blob()).gives(&glider(), &[]),
        Glider::case("own-values", &own).gives(&landed, &[]),
        Case::new("glider-ring", "Glider", &ring(), &full(&ring(), &glider()))
            .gives(&glider(), &[]),
        Glider::case("held-back", &held_back()).gives(&glider(), &[]),
    ]
}

/// A turn too small to be sent: what is restored is the value as it was issued.
fn held_back() -> Vec<u8> {
    let mut session = run::pool(&embedded()).open_at(glider(), after(0)).unwrap();
    let first = session.flush_at(after(0)).unwrap().unwrap().into_bytes();
    session.edit().set_yaw(270.75).unwrap();
    assert_eq!(session.flush_at(after(1)).unwrap(), None);
    bundle(&cookies(&first))
}
