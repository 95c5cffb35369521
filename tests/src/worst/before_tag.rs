//! What a server is given before it believes a tag: forged roots, long chains of which the last is forged, text.

use statecookie::{FlushError, Pool, Reason, StateCookie};

use super::forge::{self, Forged};
use super::states::{Signed, Tall};
use super::{Case, Heap, Input, fitted};
use crate::shop::{self, NOW};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("resume-forged-root", Heap::Wire, forged_root),
        Case::new("resume-forged-root-new-key", Heap::Wire, new_key),
        Case::new("resume-last-of-eight-forged", Heap::Wire, last_of_eight),
        Case::new("resume-cut-short", Heap::Wire, |wire| {
            let mut bundle = whole_chain(wire);
            bundle.pop();
            refused::<Tall>(bundle, Reason::Malformed)
        }),
        Case::new("resume-unlinked", Heap::Wire, unlinked),
        Case::new("resume-zeros", Heap::Wire, |wire| {
            refused::<Tall>(vec![0x2f; wire], Reason::Malformed)
        }),
        Case::new("resume-too-large", Heap::Wire, |wire| {
            let pool = shop::pool::<Tall>();
            let bytes = vec![0x2f; super::LONGEST + 1 + wire];
            Input::new(bytes, move |bytes| {
                let refusal = pool
                    .resume_at(bytes, NOW)
                    .err()
                    .map(|refusal| refusal.reason);
                assert_eq!(refusal, Some(Reason::TooLarge));
            })
        }),
        Case::new("text", Heap::Wire, |wire| text(wire, true)),
        Case::new("text-wrong-at-its-end", Heap::Wire, |wire| {
            text(wire, false)
        }),
    ]
}

fn forged_root(wire: usize) -> Input {
    refused::<Signed<String>>(long_root(wire), Reason::BadTag)
}

/// A key that was never used is derived for whoever names it, if its time is right.
fn new_key(wire: usize) -> Input {
    Input::new(long_root(wire), |bundle| {
        let pool = shop::pool::<Signed<String>>();
        let refusal = pool
            .resume_at(bundle, NOW)
            .err()
            .map(|refusal| refusal.reason);
        assert_eq!(refusal, Some(Reason::BadTag));
    })
}

fn long_root(wire: usize) -> Vec<u8> {
    fitted(wire, |inside| {
        let section = forge::varint(inside as u64).into_iter();
        let section = section.chain(std::iter::repeat_n(b'a', inside)).collect();
        forge::bundle(&[Forged::only::<Signed<String>>(Some(section), Vec::new())])
    })
}

fn last_of_eight(wire: usize) -> Input {
    let mut bundle = whole_chain(wire);
    // The tag is what the last cookie ends with.
    if let Some(last) = bundle.last_mut() {
        *last ^= 1;
    }
    refused::<Tall>(bundle, Reason::BadTag)
}

/// The root of one session above the other cookies of another.
fn unlinked(wire: usize) -> Input {
    let mut bundle = whole_chain(wire);
    // The link of tier 6: behind its length and shape.
    let root = forge::only_cookie(&bundle).len();
    let at = 1 + forge::varint(root as u64).len() + root;
    let lengths = forge::varint((bundle.len() - at) as u64 / 7).len();
    bundle[at + lengths + 1] ^= 1;
    refused::<Tall>(bundle, Reason::Unlinked)
}

/// A good chain of eight cookies.
pub(super) fn whole_chain(wire: usize) -> Vec<u8> {
    issued(&shop::pool(), wire, |inside| {
        Tall::of(&"a".repeat(inside / 8))
    })
}

/// The first update of a state, as long as fits.
#[expect(clippy::expect_used, reason = "the states are good")]
pub(super) fn issued<S: StateCookie>(
    pool: &Pool<S>,
    wire: usize,
    state: impl Fn(usize) -> S,
) -> Vec<u8> {
    fitted(wire, |inside| {
        let mut session = pool.open_at(state(inside), NOW).expect("a good state");
        match session.flush_at(NOW) {
            Err(FlushError::TooLong { len, .. }) => vec![0; len],
            update => {
                let update = update.expect("it can be issued");
                update.expect("the first is full").into_bytes()
            }
        }
    })
}

fn refused<S: StateCookie>(bundle: Vec<u8>, reason: Reason) -> Input {
    let pool = shop::pool::<S>();
    Input::new(bundle, move |bundle| {
        let refusal = pool
            .resume_at(bundle, NOW)
            .err()
            .map(|refusal| refusal.reason);
        assert_eq!(refusal, Some(reason));
    })
}

/// Text of so many characters.
fn text(wire: usize, good: bool) -> Input {
    let mut text = "A".repeat(wire / 4 * 4);
    if !good {
        text.pop();
        text.push('=');
    }
    Input::new(text.into_bytes(), move |text| {
        let text = str::from_utf8(text).unwrap_or_default();
        assert_eq!(statecookie::from_text(text).is_ok(), good);
    })
}
