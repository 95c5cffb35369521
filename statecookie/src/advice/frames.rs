//! What a cookie takes beside its values: header, tag, lengths, nonce and padding (`docs/wire-format.md`, sections 5 and 13).

use alloc::vec;
use alloc::vec::Vec;

use super::FieldSet;
use super::idle::{THREE_BYTES, TWO_BYTES};
use super::ladder::Ladder;
use super::recorder::Seen;
use crate::{Class, StateCookie};

/// How many bytes a length takes as a varint.
pub(super) fn varint(len: f64) -> f64 {
    match len.round() {
        ..TWO_BYTES => 1.0,
        TWO_BYTES..THREE_BYTES => 2.0,
        _ => 3.0,
    }
}

/// What a cookie takes beside its sections' bytes and lengths and its own length, with every counter at one byte.
pub(super) fn frame<S: StateCookie>(ladder: &Ladder, depth: usize) -> f64 {
    let life = varint(ladder.rung(depth).valid_for.as_secs_f64());
    const TAG: f64 = 16.0;
    let shape_and_not_before = 2.0;
    let counters = 1.0 + depth as f64;
    if depth > 0 {
        const LINK: f64 = 4.0;
        return shape_and_not_before + LINK + counters + life + TAG;
    }
    // Version, required, schema hash, key id, session and branch; then born, which is some time in this age.
    let identity = 1.0 + 1.0 + 4.0 + 4.0 + 16.0 + 4.0;
    let born = 5.0;
    let lifetime = varint(S::TABLE.session_max.as_secs_f64());
    shape_and_not_before + identity + counters + born + lifetime + life + TAG
}

/// For each set what its sections take beside the values: lengths, nonce, AEAD tag and padding.
pub(super) fn sections<S: StateCookie>(seen: &Seen, standing: &[f64]) -> Vec<f64> {
    let of_class = |class| {
        let fields = S::TABLE.fields.iter().enumerate();
        FieldSet::of(
            fields
                .filter(|(_, field)| field.class == class)
                .map(|(at, _)| at),
        )
        .index()
    };
    let (immutable, private) = (of_class(Class::Immutable), of_class(Class::Private));
    let padding = paddings(seen, private, standing.len(), S::TABLE.pad.max(1) as u64);
    let sections = (0..standing.len()).map(|set| {
        let (open, hidden) = (set & immutable, set & private);
        let mut len = 0.0;
        if open != 0 {
            len += varint(standing[open]);
        }
        if hidden != 0 {
            const NONCE_AND_TAG: f64 = 24.0 + 16.0;
            let padding = padding[hidden];
            len += NONCE_AND_TAG + padding + varint(standing[hidden] + padding);
        }
        len
    });
    sections.collect()
}

/// For each set of private fields the mean padding, in bytes.
fn paddings(seen: &Seen, private: usize, sets: usize, pad: u64) -> Vec<f64> {
    let places: Vec<usize> = FieldSet::at(private).iter().collect();
    let variants = seen.tally.variants();
    let all: u64 = variants.iter().map(|(_, count)| count).sum();
    let mut paddings = vec![0.0; sets];
    let hidden = (1..sets).filter(|set| set & !private == 0);
    for set in hidden {
        let padding = variants.iter().map(|(lens, count)| {
            let inside = places
                .iter()
                .zip(lens)
                .filter(|(at, _)| set & (1 << **at) != 0);
            let len: u64 = inside.map(|(_, len)| u64::from(*len)).sum();
            (len.next_multiple_of(pad) - len) as f64 * *count as f64
        });
        paddings[set] = padding.sum::<f64>() / all.max(1) as f64;
    }
    paddings
}
