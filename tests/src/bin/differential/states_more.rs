//! States by chance for the larger schemas.

use std::time::Duration;

use statecookie_tests::kit::schemas_deep::{Archive, Chest, Pages, Pair, Seal, Till, Tree, Unit};
use statecookie_tests::kit::schemas_wide::Numbers;

use crate::dice::Dice;
use crate::states::{Chance, list, maybe, mode, spot};

impl Chance for Numbers {
    const NAME: &str = "all numbers";

    fn draw(dice: &mut Dice) -> Self {
        let mut numbers = Self {
            tiny: dice.word() as i8,
            short: dice.whole(i16::MIN.into(), i16::MAX.into()) as i16,
            plain: dice.whole(i32::MIN.into(), i32::MAX.into()) as i32,
            long: dice.whole(i64::MIN.into(), i64::MAX.into()) as i64,
            huge: dice.whole(i128::MIN, i128::MAX),
            size: dice.whole(0, u64::MAX.into()) as usize,
            shift: dice.whole(i64::MIN.into(), i64::MAX.into()) as isize,
            ratio: dice.float(-1e30, 1e30) as f32,
            exact: *dice.of(&[f64::INFINITY, -0.0, f64::MAX, 0.1]),
            sign: dice.letter(),
            wait: Duration::new(
                dice.whole(0, u64::MAX.into()) as u64,
                dice.whole(0, 999_999_999) as u32,
            ),
            code: dice.word() as u16 >> dice.below(16),
            known: dice.once_in(2),
            a: 0,
            b: -1,
            c: 1,
            d: 0,
            e: 0,
            f: 0,
            g: 0.0,
            h: 1.0,
            i: 0.0,
            j: 0.0,
            k: [None; 2],
            l: Vec::new(),
            m: None,
            n: Vec::new(),
            o: Vec::new(),
            p: Vec::new(),
            q: 'a',
            r: 0,
        };
        numbers.own(dice);
        numbers
    }

    fn own(&mut self, dice: &mut Dice) {
        let pause = |dice: &mut Dice| {
            *dice.of(&[
                Duration::from_millis(1),
                Duration::from_secs(3),
                Duration::new(1, 1),
            ])
        };
        self.a = dice.whole(-3, 3) as i8;
        self.b = dice.whole(i16::MIN.into(), -1) as i16;
        self.c = dice.whole(1, i32::MAX.into()) as i32;
        self.d = dice.whole(0, u64::MAX.into()) as u64;
        self.e = dice.whole(i128::MIN + 1, i128::MAX);
        self.f = dice.whole(0, 1 << 40) as usize;
        self.g = dice.float(-1.0, 3e38) as f32;
        self.h = *dice.of(&[0.1, 0.5, f64::MAX, f64::INFINITY]);
        self.i = *dice.of(&[f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 5e-324, -1e300]);
        self.j = *dice.of(&[0.0, -0.0, 0.1, f32::NEG_INFINITY]);
        self.k = [
            maybe(dice, |dice| dice.whole(10, 20) as u16),
            maybe(dice, |dice| dice.whole(10, 20) as u16),
        ];
        self.l = list(dice, 2, |dice| list(dice, 3, |dice| dice.below(100) as u8));
        self.m = maybe(dice, |dice| dice.text(3));
        self.n = list(dice, 2, pause);
        self.o = list(dice, 3, mode);
        self.p = list(dice, 2, spot);
        self.q = *dice.of(&['a', 'z', 'ß', char::MAX]);
        self.r = dice.whole(isize::MIN as i128, isize::MAX as i128 - 1) as isize;
    }

    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(14) {
            0 => self.a = *dice.of(&[4, -4, i8::MIN]),
            1 => self.b = dice.whole(0, i16::MAX.into()) as i16,
            2 => self.c = dice.whole(i32::MIN.into(), 0) as i32,
            3 => self.e = i128::MIN,
            4 => self.f = dice.whole((1 << 40) + 1, u64::MAX.into()) as usize,
            5 => self.g = *dice.of(&[-1.000_000_1, f32::INFINITY, f32::NAN]),
            6 => self.h = *dice.of(&[0.099_999_999, f64::NEG_INFINITY, f64::NAN]),
            7 => self.i = f64::from_bits(0x7ff0_0000_0000_0001 | dice.word() >> 12),
            8 => self.j = *dice.of(&[0.2, f32::INFINITY, f32::NAN]),
            9 => self.k[dice.below(2)] = Some(*dice.of(&[9, 21, 0])),
            10 => self.l = vec![vec![1], vec![0, 100]],
            11 => self.n = vec![*dice.of(&[Duration::ZERO, Duration::new(3, 1), Duration::MAX])],
            12 => self.q = '`',
            _ => self.r = isize::MAX,
        }
    }
}

impl Chance for Till {
    const NAME: &str = "Till";

    fn draw(dice: &mut Dice) -> Self {
        let mut till = Self {
            floor: dice.whole(-5_000, 10) as i64,
            ceiling: dice.whole(11, 1 << 40) as i64,
            limit: dice.whole(5_000, u32::MAX.into()) as u32,
            rate: dice.float(0.25, 1e6),
            slots: dice.whole(3, 255) as u8,
            amount: 0,
            ratio: 0.0,
            places: Vec::new(),
            last: 0,
            confirmed: false,
            tip: 0,
        };
        till.own(dice);
        till
    }

    fn own(&mut self, dice: &mut Dice) {
        let slots = i128::from(self.slots);
        self.amount = dice.whole(self.floor.into(), self.ceiling.into()) as i64;
        self.ratio = dice.float(-self.rate, self.rate * 2.0);
        self.places = list(dice, 4, |dice| {
            maybe(dice, |dice| dice.whole(1, slots - 2) as u8)
        });
        self.last = dice.whole(i128::from(self.floor) - 10, i128::from(self.ceiling) + 10) as i64;
        self.confirmed = !dice.once_in(3);
        self.tip = dice.below(101) as u8;
    }

    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(6) {
            0 => self.amount = *dice.of(&[self.floor - 1, self.ceiling + 1]),
            1 => {
                self.ratio = *dice.of(&[self.rate * 2.0, -self.rate - 1.0, f64::NAN, f64::INFINITY])
            }
            2 => self.places = vec![None, Some(*dice.of(&[0, self.slots - 1]))],
            3 => self.last = *dice.of(&[self.floor - 11, self.ceiling + 11]),
            4 => self.tip = dice.whole(101, 255) as u8,
            _ => (self.amount, self.confirmed) = (self.ceiling, false),
        }
    }
}

impl Chance for Archive {
    const NAME: &str = "Archive";

    fn draw(dice: &mut Dice) -> Self {
        let len = dice.below(20);
        Self {
            tree: tree(dice, 0),
            seal: Seal(dice.text(9)),
            chest: chest(dice, 0),
            marks: Vec::new(),
            pages: Pages(dice.bytes(len)),
            read: dice.once_in(2),
        }
    }

    fn own(&mut self, dice: &mut Dice) {
        self.read = dice.once_in(2);
    }

    /// Every `bool` will do.
    fn spoil(&mut self, dice: &mut Dice) {
        self.own(dice);
    }
}

fn tree(dice: &mut Dice, depth: usize) -> Tree {
    match dice.below(if depth > 4 { 2 } else { 4 }) {
        0 => Tree::Leaf,
        1 => Tree::Twig(dice.word() as u8),
        2 => Tree::Fork(tree(dice, depth + 1).into(), tree(dice, depth + 1).into()),
        _ => Tree::Crown {
            name: dice.text(5),
            boughs: list(dice, 2, |dice| tree(dice, depth + 1)),
        },
    }
}

fn chest(dice: &mut Dice, depth: usize) -> Chest {
    let words = |dice: &mut Dice| {
        (
            dice.text(4),
            list(dice, 2, |dice| maybe(dice, |dice| dice.word() as i16)),
        )
    };
    Chest {
        unit: Unit,
        nothing: (),
        pair: Pair(dice.letter(), dice.float(-9.0, 9.0) as f32),
        nest: (depth < 12 && dice.once_in(2)).then(|| Box::new(chest(dice, depth + 1))),
        words: list(dice, 2, words).into_iter().collect(),
    }
}
