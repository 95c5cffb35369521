//! States by chance for the schemas with derived values and with changes that a server holds back.

use statecookie_tests::kit::blob::{derived_values, varint};
use statecookie_tests::kit::schemas_derived::{Film, Glider, Viewport};

use crate::dice::Dice;
use crate::states::Chance;

impl Chance for Film {
    const NAME: &str = "Film";

    fn draw(dice: &mut Dice) -> Self {
        let mut film = Self {
            position_ms: 0,
            length_ms: dice.word() as u32 >> dice.below(32),
            licence: dice.text(20),
            volume: 0,
            quality: 0,
            subtitle: String::new(),
            viewport: Viewport {
                width: 1,
                zoom: 1.0,
            },
        };
        film.own(dice);
        film
    }

    fn own(&mut self, dice: &mut Dice) {
        self.position_ms = dice.whole(0, self.length_ms.into()) as u32;
        self.volume = dice.below(101) as u8;
        self.quality = dice.below(9) as u8;
        self.subtitle = dice.text(6);
        self.viewport = Viewport {
            width: dice.whole(1, 7680) as u16,
            zoom: *dice.of(&[0.5, 1.0, 2.0]),
        };
    }

    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(6) {
            0 => self.position_ms = self.length_ms.saturating_add(1),
            1 => self.volume = dice.whole(101, 255) as u8,
            2 => self.quality = dice.whole(9, 255) as u8,
            3 => self.viewport.width = *dice.of(&[0, 7681, u16::MAX]),
            4 => self.viewport.zoom = *dice.of(&[0.75, f32::NAN, f32::INFINITY, -1.0]),
            _ => (self.quality, self.subtitle) = (0, "no".into()),
        }
    }

    fn ends(blob: &[u8]) -> Vec<usize> {
        let values = derived_values(blob).unwrap_or_default();
        let position = 1 + varint(&values[1..]).1;
        let (len, digits) = varint(&values[position..]);
        vec![0, 1, position, position + digits + len]
    }
}

impl Chance for Glider {
    const NAME: &str = "Glider";

    fn draw(dice: &mut Dice) -> Self {
        let mut glider = Self {
            pilot: dice.word() as u32,
            rating: dice.word() as i16,
            position: [0.0; 3],
            yaw: 0.0,
            landed: false,
        };
        glider.own(dice);
        glider
    }

    fn own(&mut self, dice: &mut Dice) {
        let mut number = || dice.float(-500.0, 500.0) as f32;
        self.position = [number(), number(), number()];
        self.yaw = dice.float(0.0, 360.0);
        self.landed = dice.once_in(2);
    }

    fn hold_back(&mut self, cookies: usize, before: &Self) {
        if cookies == 1 {
            (self.pilot, self.rating) = (before.pilot, before.rating);
        }
    }

    fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(2) {
            0 => self.position[2] = *dice.of(&[f32::NAN, 500.000_03, f32::NEG_INFINITY]),
            _ => self.yaw = *dice.of(&[360.0, -5e-324, f64::NAN]),
        }
    }
}
