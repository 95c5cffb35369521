//! What a keyless client is given: updates that are new, known, twins of what it holds, or part of a flood.

use statecookie::{BundleError, Jar, Merged};

use super::before_tag::whole_chain;
use super::forge::{self, Forged};
use super::states::Tall;
use super::{Case, Heap, Input, fitted};

const TIERS: u8 = 8;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("inspect", Heap::Wire, |wire| {
            Input::new(chain(wire, 0, 0), |update| {
                assert!(statecookie::inspect(update).is_ok());
            })
        }),
        Case::new("merge-first", Heap::Wire, |wire| {
            Input::new(chain(wire, 0, 0), |update| {
                assert_eq!(Jar::new().merge(update), Ok(Merged::Updated));
            })
        }),
        Case::new("merge-text", Heap::Wire, |wire| {
            let text = statecookie::to_text(&chain(wire / 4 * 3, 0, 0));
            Input::new(text.into_bytes(), |text| {
                let text = str::from_utf8(text).unwrap_or_default();
                assert_eq!(Jar::new().merge_text(text), Ok(Merged::Updated));
            })
        }),
        Case::new("merge-known", Heap::Wire, |wire| {
            let mut jar = Jar::new();
            take(&mut jar, &chain(wire, 0, 0));
            Input::new(chain(wire, 0, 0), move |update| {
                assert_eq!(jar.merge(update), Ok(Merged::Unchanged));
            })
        }),
        Case::new("merge-twin", Heap::Wire, twin),
        Case::new("merge-flooded", Heap::Wire, |wire| {
            let mut jar = flooded(wire);
            Input::new(chain(wire, 1, 1), move |update| take(&mut jar, update))
        }),
        Case::new("switch-flooded", Heap::Wire, |wire| {
            let mut jar = flooded(wire);
            Input::new(chain(wire, 1, 1), move |update| {
                assert_eq!(jar.switch(update), Ok(()));
            })
        }),
        Case::new("bundle", Heap::Wire, |wire| {
            Input::new(whole_chain(wire), move |update| {
                let mut jar = Jar::new();
                take(&mut jar, update);
                assert_eq!(jar.bundle().map(|bundle| bundle.len()), Ok(update.len()));
            })
        }),
        Case::new("bundle-too-large", Heap::Wire, too_large),
    ]
}

fn take(jar: &mut Jar, update: &[u8]) {
    assert!(jar.merge(update).is_ok());
}

/// A chain of eight cookies of equal length with the same vectors, tags and links as every other one; `mark` makes the
/// signed parts differ in their last byte, `mutable` is the length of the lowest one's mutable section.
fn chain(wire: usize, mark: u8, mutable: usize) -> Vec<u8> {
    fitted(wire, |inside| {
        let mut cookies: Vec<Forged> = Vec::new();
        for _ in 0..TIERS {
            let cookie = match cookies.last() {
                Some(parent) => Forged::below(parent, 0),
                None => Forged {
                    tier: TIERS - 1,
                    tiers: TIERS,
                    vector: vec![0],
                    schema_hash: forge::schema_hash::<Tall>(),
                    ..Forged::default()
                },
            };
            let mut section = vec![b'a'; inside / usize::from(TIERS)];
            section.push(mark);
            cookies.push(Forged {
                immutable: Some(section),
                ..cookie
            });
        }
        if let Some(lowest) = cookies.last_mut() {
            lowest.mutable = vec![0; mutable];
        }
        forge::update(&cookies)
    })
}

/// Each time another mutable section of the same cookie, as long as an update can be.
fn twin(wire: usize) -> Input {
    let make = |inside| {
        let cookie = Forged::only::<Tall>(None, vec![b'a'; inside]);
        forge::update(&[cookie])
    };
    let mut small = Jar::new();
    take(&mut small, &make(1));
    Input::new(fitted(wire, make), move |update| {
        let mut jar = small.clone();
        assert_eq!(jar.merge(update), Ok(Merged::Updated));
    })
}

/// A jar that holds as much as it ever takes: nine cookies in each tier, all of which fit each other.
pub(super) fn flooded(wire: usize) -> Jar {
    let mut jar = Jar::new();
    for mark in 10..20 {
        take(&mut jar, &chain(wire, mark, 0));
    }
    jar
}

/// A chain of which each cookie fills an update of its own.
fn too_large(wire: usize) -> Input {
    let mut jar = Jar::new();
    for tier in (0..TIERS).rev() {
        take(&mut jar, &fat(wire, tier, 0));
    }
    let limit = statecookie::MAX_BLOB;
    let fits = usize::from(TIERS) * wire <= limit;
    Input::new(vec![0; usize::from(TIERS) * wire], move |_| {
        match jar.bundle() {
            Ok(_) => assert!(fits),
            Err(error) => assert!(!fits && error == BundleError::TooLarge { limit }),
        }
    })
}

/// An update that begins with a cookie of that tier, which takes nearly all of it. As in `chain`, all of them fit each
/// other, and `mark` makes them differ.
pub fn fat(wire: usize, tier: u8, mark: u8) -> Vec<u8> {
    fitted(wire, |inside| {
        let mut section = vec![b'a'; inside];
        section.push(mark);
        down_from(tier, mark, section, Vec::new())
    })
}

/// The like, but what is long is the mutable section: those of one mark are twins, and the longest stays.
pub fn fat_twin(wire: usize, tier: u8, mark: u8) -> Vec<u8> {
    fitted(wire, |inside| {
        down_from(tier, mark, vec![mark], vec![0; inside])
    })
}

fn down_from(tier: u8, mark: u8, immutable: Vec<u8>, mutable: Vec<u8>) -> Vec<u8> {
    let top = Forged {
        tier,
        tiers: TIERS,
        vector: vec![0; usize::from(TIERS - tier)],
        immutable: Some(immutable),
        mutable,
        ..Forged::default()
    };
    let below = std::iter::successors(Some(top), |parent| {
        (parent.tier > 0).then(|| Forged {
            immutable: Some(vec![mark]),
            ..Forged::below(parent, 0)
        })
    });
    forge::update(&below.collect::<Vec<_>>())
}
