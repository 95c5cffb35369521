//! The paper's shop: three tiers, the lowest with defaults. One server was built with shorter validities.

use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

macro_rules! shop {
    ($module:ident, $name:literal, $version:literal, $end:literal, [$($valid:literal)*]) => {
        pub(crate) mod $module {
            use super::*;

            shop!(@state $name, $version, $end, $($valid,)*);

            impl Build for Shop {
                const FACTS: Facts = super::$module();

                fn put(&self, tier: usize, class: Class, out: &mut Out) {
                    match (tier, class) {
                        (2, Class::Immutable) => put::u(out, self.customer),
                        (2, Class::Private) => put::u(out, u64::from(self.credit_rating)),
                        (1, Class::Immutable) => put::each(out, &self.cart, |out, (name, count)| {
                            put::text(out, name);
                            put::u(out, u64::from(*count));
                        }),
                        (1, Class::Mutable) => out.push(self.quality),
                        (0, Class::Mutable) => {
                            self.position.iter().for_each(|x| put::f32(out, *x));
                            put::f32(out, self.yaw);
                        }
                        _ => {}
                    }
                }
            }
        }
    };
    (@state $name:literal, $version:literal, $end:literal, $root:literal, $middle:literal, $lowest:literal,) => {
        #[derive(StateCookie, Clone, Debug)]
        #[statecookie(name = $name, version = $version, session_max = $end)]
        #[statecookie(tier(2, valid_for = $root), tier(1, valid_for = $middle))]
        #[statecookie(tier(0, valid_for = $lowest, or_default))]
        pub(crate) struct Shop {
            #[tier(2)]
            #[immutable]
            pub(super) customer: u64,
            #[tier(2)]
            #[private]
            pub(super) credit_rating: u16,
            #[tier(1)]
            #[immutable]
            pub(super) cart: Vec<(String, u32)>,
            #[tier(1)]
            #[mutable(range = 0..=4)]
            pub(super) quality: u8,
            #[tier(0)]
            #[mutable(range = -500.0..=500.0)]
            pub(super) position: [f32; 3],
            #[tier(0)]
            #[mutable(range = 0.0..360.0)]
            pub(super) yaw: f32,
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Known for $module::Shop {
            type Next = $next::Shop;
            type Other = $other::Shop;
            type Rebuilt = rebuilt::Shop;

            fn draw(dice: &mut Dice) -> Self {
                let mut shop = Self {
                    customer: 0,
                    credit_rating: 0,
                    cart: Vec::new(),
                    quality: 0,
                    position: [0.0; 3],
                    yaw: 0.0,
                };
                (0..3).for_each(|tier| shop.renew(tier, dice));
                (0..3).for_each(|tier| shop.vary(tier, dice));
                shop
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    2 => {
                        self.customer = dice.any_size();
                        self.credit_rating = dice.any_size() as u16;
                    }
                    1 => self.cart = dice.several(3, |dice| (dice.text(8), dice.any_size() as u32)),
                    _ => {}
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    1 => self.quality = dice.below(5) as u8,
                    0 => {
                        self.position = [(); 3].map(|()| (dice.fraction() * 1000.0 - 500.0) as f32);
                        self.yaw = [
                            (dice.fraction() * 359.9) as f32,
                            360.0_f32.next_down(),
                            -0.0,
                        ][dice.index(3)];
                    }
                    _ => {}
                }
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                match tier {
                    2 => {
                        edit.set_customer(self.customer);
                        edit.set_credit_rating(self.credit_rating);
                    }
                    1 => {
                        *edit.cart_mut() = self.cart.clone();
                        edit.set_quality(self.quality)?;
                    }
                    _ => {
                        edit.set_position(self.position)?;
                        edit.set_yaw(self.yaw)?;
                    }
                }
                Ok(())
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let (root, middle) = (shown.issued(2)?, shown.issued(1)?);
                Ok(Self {
                    customer: root.customer,
                    credit_rating: root.credit_rating,
                    cart: middle.cart.clone(),
                    quality: shown.mutable(1, |input| input.u8(), |quality| *quality <= 4)?,
                    position: shown.or_default(
                        0,
                        |input| input.array(|input| input.f32()),
                        |position| position.iter().all(|x| -500.0 <= *x && *x <= 500.0),
                    )?,
                    yaw: shown.or_default(
                        0,
                        |input| input.f32(),
                        |yaw| 0.0 <= *yaw && *yaw < 360.0,
                    )?,
                })
            }
        }
    };
}

const fn now() -> Facts {
    Facts {
        valid_for: &[30_000, 600_000, 10_800_000],
        or_default: 1,
        immutable: &[1, 2],
        private: &[2],
        ..Facts::USUAL
    }
}

const fn next() -> Facts {
    now()
}

const fn other() -> Facts {
    now()
}

const fn rebuilt() -> Facts {
    Facts {
        valid_for: &[20_000, 120_000, 1_800_000],
        session_max: 7200,
        ..now()
    }
}

shop!(now, "Shopping", 1, "24h", ["3h" "10m" "30s"]);
shop!(next, "Shopping", 2, "24h", ["3h" "10m" "30s"]);
shop!(other, "Asozaftv", 1, "24h", ["3h" "10m" "30s"]);
shop!(rebuilt, "Shopping", 1, "2h", ["30m" "2m" "20s"]);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
