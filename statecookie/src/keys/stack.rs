//! What derivation leaves on the stack, overwritten: values that were moved leave copies behind, and hashes their schedules.

use core::hint::black_box;

use zeroize::Zeroize;

/// More than all frames of a derivation take; in builds that optimise nothing, too.
const WORDS: usize = 2048;

/// Does `work` in frames of its own and overwrites them. What it returns should be a pointer: a value moves through frames
/// that stay.
#[inline(never)]
pub(super) fn leaving_nothing<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    overwrite();
    done
}

#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Takes the place of the frames that [`apart`] had.
#[inline(never)]
fn overwrite() {
    let mut frames = [0xff_u64; WORDS];
    black_box(&mut frames).zeroize();
}
