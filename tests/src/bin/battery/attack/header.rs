//! Every field of every header set to what an attacker would like it to be, the chain made to fit around it.

use super::base::Base;
use super::forge::{Forge, relink};
use crate::arena::Arena;
use crate::dice::Dice;
use crate::schemas::Known;
use crate::tally::Class;
use crate::wire::MOST_TIERS;
use crate::wire::head::{Head, RootHead};

/// All of it, on one chain.
pub(crate) fn forge<S: Known>(arena: &mut Arena<'_, S>, base: &Base, dice: &mut Dice) {
    let Some(forge) = Forge::new(Class::Header, base, base.shown) else {
        return;
    };
    for place in 0..forge.pieces.len() {
        for head in heads(&forge.pieces[place].head, dice) {
            let mut forged = forge.pieces.clone();
            forged[place].head = head;
            forge.present(arena, &forged);
            if relink(&mut forged[place..]) {
                forge.present(arena, &forged);
            }
        }
        long_numbers(arena, &forge, base, place);
    }
}

/// A header with one field changed, in many ways.
fn heads(own: &Head, dice: &mut Dice) -> Vec<Head> {
    let mut heads: Vec<Head> = Vec::new();
    for number in numbers(own.not_before, dice) {
        heads.push(Head {
            not_before: number,
            ..*own
        });
    }
    for number in numbers(own.life, dice) {
        heads.push(Head {
            life: number,
            ..*own
        });
    }
    for place in 0..own.counters().len().min(MOST_TIERS) {
        for number in numbers(own.vector[place], dice) {
            let mut head = *own;
            head.vector[place] = number;
            heads.push(head);
        }
    }
    if let Some(length) = own.immutable {
        heads.extend(numbers(length, dice).map(|length| Head {
            immutable: Some(length),
            ..*own
        }));
    }
    if let Some(length) = own.private {
        heads.extend(numbers(length, dice).map(|length| Head {
            private: Some(length),
            ..*own
        }));
    }
    for flag in [0x40, 0x80] {
        heads.push(Head {
            shape: own.shape ^ flag,
            ..*own
        });
    }
    // The sections' lengths follow the shape.
    heads.push(Head {
        shape: own.shape | 0x40,
        immutable: Some(own.immutable.unwrap_or(0)),
        ..*own
    });
    heads.push(Head {
        shape: own.shape & !0x40,
        immutable: None,
        ..*own
    });
    heads.push(Head {
        shape: own.shape | 0x80,
        private: Some(own.private.unwrap_or(0)),
        ..*own
    });
    heads.push(Head {
        shape: own.shape & !0x80,
        private: None,
        ..*own
    });
    match &own.root {
        Some(root) => heads.extend(roots(root, dice).into_iter().map(|root| Head {
            root: Some(root),
            ..*own
        })),
        None => {
            heads.push(Head {
                link: [0; 4],
                ..*own
            });
            heads.push(Head {
                link: (dice.word() as u32).to_le_bytes(),
                ..*own
            });
        }
    }
    heads
}

fn roots(own: &RootHead, dice: &mut Dice) -> Vec<RootHead> {
    let mut roots = Vec::new();
    roots.extend([0, 2, 0xff].map(|version| RootHead { version, ..*own }));
    roots.extend(
        (0..=9)
            .chain([0xff])
            .map(|required| RootHead { required, ..*own }),
    );
    roots.extend(numbers(own.born, dice).map(|born| RootHead { born, ..*own }));
    roots.extend(numbers(own.lifetime, dice).map(|lifetime| RootHead { lifetime, ..*own }));
    // The same end, born at another time.
    let later = |by: u64| RootHead {
        born: own.born + by,
        lifetime: own.lifetime.saturating_sub(by),
        ..*own
    };
    roots.extend([1, 60, 3600].map(later));
    let keys = [
        0,
        1,
        u32::MAX,
        own.key.wrapping_add(1),
        own.key.wrapping_sub(1),
        own.key.wrapping_add(2),
    ];
    roots.extend(keys.map(|key| RootHead { key, ..*own }));
    let word = dice.word().to_le_bytes();
    let four = [word[0], word[1], word[2], word[3]];
    roots.push(RootHead { hash: four, ..*own });
    roots.push(RootHead {
        branch: four,
        ..*own
    });
    roots.push(RootHead {
        branch: [0; 4],
        ..*own
    });
    roots.push(RootHead {
        session: dice.wide().to_le_bytes(),
        ..*own
    });
    roots.push(RootHead {
        session: [0; 16],
        ..*own
    });
    roots.retain(|root| root != own);
    roots
}

/// Neighbours, ends and strangers of a number.
fn numbers(own: u64, dice: &mut Dice) -> impl Iterator<Item = u64> + use<> {
    let all = [
        own.wrapping_add(1),
        own.wrapping_sub(1),
        own.wrapping_mul(2),
        0,
        0x7f,
        u64::MAX,
        u64::MAX - 1,
        1 << 63,
        dice.any_size(),
    ];
    all.into_iter().filter(move |number| *number != own)
}

/// Each byte of the header as if it were the last one of a number, written one byte longer than it has to be.
fn long_numbers<S: Known>(arena: &mut Arena<'_, S>, forge: &Forge<'_>, base: &Base, place: usize) {
    let mut header = Vec::new();
    forge.pieces[place].head.write(&mut header);
    for at in 0..header.len() {
        let mut cookies = base.cookies.clone();
        cookies[place][at] |= 0x80;
        cookies[place].insert(at + 1, 0);
        forge.cookies(arena, &cookies);
    }
}
