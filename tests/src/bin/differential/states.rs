//! States by chance for each schema: honest ones, what an honest client may write, and what no bound or validation lets in.

use std::time::Duration;

use serde::Serialize;
use statecookie::StateCookie;
use statecookie_tests::field_source::all_tiers;
use statecookie_tests::kit::schemas::{Basket, Item, Mode, Note, Rights, Spot, World};
use statecookie_tests::kit::schemas_wide::Ladder;

use crate::dice::Dice;

/// A schema of the run.
pub(crate) trait Chance: StateCookie + Clone + Serialize {
    const NAME: &str;

    /// Signed values; the mutable ones are within their bounds.
    fn draw(dice: &mut Dice) -> Self;

    /// Other mutable values within their bounds; validation may not like them.
    fn own(&mut self, dice: &mut Dice);

    /// One mutable value outside its bound.
    fn spoil(&mut self, dice: &mut Dice);

    /// Where the derived values of an honest bundle end, but the last.
    fn ends(_blob: &[u8]) -> Vec<usize> {
        Vec::new()
    }

    /// Takes back what a server held back: of the tiers that an update of so many cookies left out, the values of before.
    fn hold_back(&mut self, _cookies: usize, _before: &Self) {}

    /// Whether a server would restore it.
    fn holds(&self) -> bool {
        self.__check(all_tiers::<Self>()).is_ok() && self.__validate().is_ok()
    }

    /// A state that a server may issue.
    fn honest(dice: &mut Dice) -> Self {
        loop {
            let state = Self::draw(dice);
            if state.holds() {
                return state;
            }
        }
    }
}

pub(crate) fn list<T>(dice: &mut Dice, most: usize, item: impl Fn(&mut Dice) -> T) -> Vec<T> {
    (0..dice.below(most + 1)).map(|_| item(dice)).collect()
}

pub(crate) fn maybe<T>(dice: &mut Dice, item: impl Fn(&mut Dice) -> T) -> Option<T> {
    (!dice.once_in(3)).then(|| item(dice))
}

fn rights(dice: &mut Dice) -> Rights {
    match dice.below(3) {
        0 => Rights::Guest,
        1 => Rights::Editor(dice.whole(0, 65_535) as u16),
        _ => Rights::Owner {
            since: dice.word() >> dice.below(64),
            shared: dice.once_in(2),
        },
    }
}

pub(crate) fn mode(dice: &mut Dice) -> Mode {
    *dice.of(&[Mode::Walk, Mode::Run, Mode::Fly])
}

pub(crate) fn spot(dice: &mut Dice) -> Spot {
    Spot {
        x: dice.whole(0, 99) as u16,
        label: dice.text(4),
    }
}

impl Chance for Note {
    const NAME: &str = "Note";

    fn draw(dice: &mut Dice) -> Self {
        let most = *dice.of(&[3, 20, 140]);
        let mut note = Self {
            author: dice.text(most),
            rights: maybe(dice, rights),
            text: String::new(),
            quality: 0,
        };
        note.own(dice);
        note
    }

    fn own(&mut self, dice: &mut Dice) {
        self.text = dice.text(12);
        self.quality = dice.whole(0, 4) as u8;
    }

    fn spoil(&mut self, dice: &mut Dice) {
        self.quality = dice.whole(5, 255) as u8;
    }
}

impl Chance for Basket {
    const NAME: &str = "Basket";

    fn draw(dice: &mut Dice) -> Self {
        let least = dice.whole(0, 30) as u16;
        let mut basket = Self {
            customer: dice.whole(0, u64::MAX.into()) as u64,
            least: if dice.once_in(2) { 0 } else { least },
            limit: dice.whole(20, 32_767) as u16,
            rebate: dice.whole(0, 65_535) as u16,
            quantity: 0,
            currency: String::new(),
        };
        basket.own(dice);
        basket
    }

    fn own(&mut self, dice: &mut Dice) {
        self.quantity = dice.whole(self.least.into(), i128::from(self.limit) * 2) as u16;
        self.currency = (*dice.of(&["", "EUR", "USD"])).into();
    }

    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(3) {
            0 => self.currency = (*dice.of(&["EU", "eur", "CHF"])).into(),
            1 => self.quantity = self.least.wrapping_sub(1),
            _ => self.quantity = self.limit.saturating_mul(2).saturating_add(1),
        }
    }
}

impl Chance for World {
    const NAME: &str = "World";

    fn draw(dice: &mut Dice) -> Self {
        let item = |dice: &mut Dice| Item {
            name: dice.text(12),
            count: dice.word() as u32 >> dice.below(32),
            price: (
                dice.whole(i64::MIN.into(), i64::MAX.into()) as i64,
                dice.once_in(2),
            ),
        };
        let mut world = Self {
            account: dice.whole(0, u64::MAX.into()) as u64,
            roles: list(dice, 3, rights),
            rating: dice.whole(i32::MIN.into(), i32::MAX.into()) as i32,
            seen: list(dice, 3, |dice| (dice.text(8), dice.word() as u16))
                .into_iter()
                .collect(),
            cart: list(dice, 4, item),
            letter: 'a',
            step: 0,
            mode: Mode::Walk,
            position: [[0.0; 2]; 2],
            yaw: 0.0,
            tags: Vec::new(),
            pause: Duration::ZERO,
            offset: 0,
            spot: Spot::default(),
            digit: None,
            wide: 0,
            ready: false,
            choice: None,
        };
        world.own(dice);
        world.step %= 1002;
        world
    }

    fn own(&mut self, dice: &mut Dice) {
        let number = |dice: &mut Dice| dice.float(-500.0, 500.0) as f32;
        self.letter = *dice.of(&['a', 'c', 'f']);
        self.step = (if dice.once_in(6) {
            dice.word() as u32
        } else {
            dice.below(1001) as u32
        }) & !1;
        self.mode = mode(dice);
        self.position = [[number(dice), number(dice)], [500.0, number(dice)]];
        self.yaw = dice.float(0.0, 360.0);
        self.tags = list(dice, 3, |dice| dice.text(8));
        self.pause = Duration::new(dice.below(5) as u64, dice.whole(0, 999_999_999) as u32);
        self.offset = dice.whole(-1000, 999) as i64;
        self.spot = spot(dice);
        self.digit = maybe(dice, |dice| dice.below(10) as u8);
        self.wide = dice.whole(0, i128::MAX) as u128 | 1 << 127;
        self.ready = dice.once_in(2);
        self.choice = *dice.of(&[None, Some(3)]);
    }

    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(10) {
            0 => self.letter = *dice.of(&['`', 'g', '€']),
            1 => self.step |= 1,
            2 => self.position[1][0] = *dice.of(&[f32::NAN, f32::INFINITY, 500.000_03, -501.0]),
            3 => self.yaw = *dice.of(&[360.0, -5e-324, f64::NAN, f64::NEG_INFINITY]),
            4 => self.pause = Duration::new(5, 1),
            5 => self.offset = *dice.of(&[1000, -1001, i64::MAX]),
            6 => self.spot.x = dice.whole(100, 65_535) as u16,
            7 => self.digit = Some(dice.whole(10, 255) as u8),
            8 => self.choice = Some(*dice.of(&[0, 2, 4])),
            _ => self.step = (self.step | 2000) & !1,
        }
    }
}

impl Chance for Ladder {
    const NAME: &str = "Ladder";

    fn draw(dice: &mut Dice) -> Self {
        let mut ladder = Self {
            house: dice.word() as u32 >> dice.below(32),
            pin: dice.text(20),
            open: false,
            floors: dice.bytes(3).try_into().unwrap_or_default(),
            key: (dice.word() as u8, maybe(dice, Dice::letter)),
            level: 1,
            lean: 0,
            name: String::new(),
            step: 0,
        };
        ladder.own(dice);
        ladder
    }

    fn own(&mut self, dice: &mut Dice) {
        self.open = dice.once_in(2);
        self.level = dice.whole(1, u32::MAX.into()) as u32;
        self.lean = dice.whole(-1, 1) as i8;
        self.name = dice.text(4);
        self.step = dice.below(10) as u8;
    }

    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(3) {
            0 => self.level = 0,
            1 => self.lean = *dice.of(&[2, -2, i8::MIN, i8::MAX]),
            _ => self.step = dice.whole(10, 255) as u8,
        }
    }
}
