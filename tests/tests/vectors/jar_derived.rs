//! A jar that knows the film: its client sets derived values after a merge, and they stay or cease to count.

use serde_json::{Value, json};
use statecookie::{BundleError, Jar, Session};

use crate::blob::cookies;
use crate::jar::outcome;
use crate::make::{embedded, film};
use crate::run::{self, hex};
use crate::sample::after;
use crate::schemas_derived::{Film, Viewport};

/// An update, and what the client sets when it has been merged.
struct Step<'a>(&'a [u8], &'a [Supply]);

#[derive(Clone, Copy)]
enum Supply {
    Volume(u8),
    Position(u32),
    Subtitle(&'static str),
    Width(u16),
}
use Supply::{Position, Subtitle, Volume, Width};

const ALL: [Supply; 4] = [Volume(7), Position(60_000), Subtitle("en"), Width(640)];

pub(crate) fn all() -> Vec<Value> {
    let [first, quality, shorter] = session();
    let partial = Step(&quality, &[]);
    vec![
        run(
            "derived-values-one-by-one",
            &[
                Step(&first, &[]),
                Step(&first, &[Position(1)]),
                Step(&first, &[Volume(9)]),
                Step(&first, &[Width(7680), Subtitle("")]),
            ],
        ),
        run(
            "derived-values-before-a-chain",
            &[partial, Step(&first, &ALL)],
        ),
        run(
            "derived-value-set-again",
            &[Step(&first, &ALL), Step(&first, &[Position(90_000)])],
        ),
        run(
            "derived-values-outlive-newer-cookies",
            &[Step(&first, &ALL), Step(&quality, &[])],
        ),
        run(
            "derived-value-outside-a-signed-bound-that-moved",
            &[
                Step(&first, &ALL),
                Step(&quality, &[]),
                Step(&shorter, &[]),
                Step(&shorter, &[Position(59_999)]),
            ],
        ),
        run(
            "derived-value-at-a-signed-bound-that-moved-to-it",
            &[
                Step(
                    &first,
                    &[Volume(0), Position(59_999), Subtitle("sixsix"), Width(1)],
                ),
                Step(&shorter, &[]),
            ],
        ),
        run(
            "derived-values-and-what-cannot-be-read",
            &[Step(&first, &ALL), Step(&quality[..9], &[])],
        ),
    ]
}

/// A full update, a partial one of the lowest tier, and a full one in which the film is shorter.
fn session() -> [Vec<u8>; 3] {
    let state = Film {
        position_ms: 0,
        ..film()
    };
    let mut session = run::pool(&embedded()).open_at(state, after(0)).unwrap();
    let flush = |session: &mut Session<Film>, secs| {
        session.flush_at(after(secs)).unwrap().unwrap().into_bytes()
    };
    let first = flush(&mut session, 0);
    session.edit().set_quality(2).unwrap();
    let quality = flush(&mut session, 1);
    session.edit().set_length_ms(59_999);
    let shorter = flush(&mut session, 2);
    assert_eq!(cookies(&quality).len(), 1);
    [first, quality, shorter]
}

fn run(name: &str, steps: &[Step<'_>]) -> Value {
    let mut jar = Jar::new();
    let steps: Vec<_> = steps.iter().map(|step| taken(&mut jar, step)).collect();
    json!({ "name": name, "schema": "Film", "steps": steps })
}

fn taken(jar: &mut Jar, Step(update, values): &Step<'_>) -> Value {
    let outcome = outcome(jar.merge(update));
    let supplied = supply(jar, values);
    let bundle = jar.bundle();
    let mut step = json!({
        "update": hex(update),
        "outcome": outcome,
        "supplied": supplied,
        "bundle": bundle.as_ref().ok().map(|bundle| hex(bundle)),
        "vector": jar.vector(),
        "has_gap": jar.has_gap(),
    });
    if let Err(BundleError::DerivedMissing { field }) = bundle {
        step["missing"] = field.into();
    }
    step
}

/// Sets the values in a view, in the form of JSON too. Once a view was opened, the jar knows the schema.
fn supply(jar: &mut Jar, values: &[Supply]) -> Value {
    let mut supplied = json!({});
    let Ok(mut view) = jar.view::<Film>() else {
        assert!(values.is_empty(), "there is no chain to set values on");
        return supplied;
    };
    for value in values {
        match *value {
            Volume(volume) => {
                view.set_volume(volume).unwrap();
                supplied["volume"] = volume.into();
            }
            Position(position) => {
                view.set_position_ms(position).unwrap();
                supplied["position_ms"] = position.into();
            }
            Subtitle(text) => {
                view.set_subtitle(text.into()).unwrap();
                supplied["subtitle"] = text.into();
            }
            Width(width) => {
                let viewport = Viewport { width, zoom: 0.5 };
                view.set_viewport(viewport).unwrap();
                supplied["viewport"] = serde_json::to_value(viewport).unwrap();
            }
        }
    }
    supplied
}
