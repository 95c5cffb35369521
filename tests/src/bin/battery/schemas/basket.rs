//! Two tiers; a signed bound with arithmetic that the default may miss, a list of texts, a validity whose half is no whole second.

use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

const CURRENCIES: [&str; 3] = ["", "EUR", "USD"];

macro_rules! basket {
    ($module:ident, $name:literal, $version:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version, session_max = "8h")]
            #[statecookie(tier(1, valid_for = "3h"), tier(0, valid_for = "3s", or_default))]
            pub(crate) struct Basket {
                #[tier(1)]
                #[immutable]
                pub(super) customer: u64,
                #[tier(1)]
                #[immutable]
                pub(super) least: u16,
                #[tier(1)]
                #[immutable]
                pub(super) limit: u16,
                #[tier(1)]
                #[private]
                pub(super) rebate: u16,
                #[tier(0)]
                #[mutable(range = self.least..=self.limit * 2)]
                pub(super) quantity: u16,
                #[tier(0)]
                #[mutable(one_of("", "EUR", "USD"), max_len = 3)]
                pub(super) currency: String,
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::Basket {
            const FACTS: Facts = Facts {
                valid_for: &[3_000, 10_800_000],
                session_max: 8 * 3600,
                or_default: 1,
                immutable: &[1],
                private: &[1],
                ..Facts::USUAL
            };

            fn put(&self, tier: usize, class: Class, out: &mut Out) {
                match (tier, class) {
                    (1, Class::Immutable) => {
                        put::u(out, self.customer);
                        put::u(out, u64::from(self.least));
                        put::u(out, u64::from(self.limit));
                    }
                    (1, Class::Private) => put::u(out, u64::from(self.rebate)),
                    (0, Class::Mutable) => {
                        put::u(out, u64::from(self.quantity));
                        put::text(out, &self.currency);
                    }
                    _ => {}
                }
            }
        }

        impl Known for $module::Basket {
            type Next = $next::Basket;
            type Other = $other::Basket;
            type Rebuilt = Self;

            fn draw(dice: &mut Dice) -> Self {
                let mut basket = Self {
                    customer: 0,
                    least: 0,
                    limit: 0,
                    rebate: 0,
                    quantity: 0,
                    currency: String::new(),
                };
                basket.renew(1, dice);
                basket.vary(0, dice);
                basket
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                if tier == 1 {
                    self.customer = dice.any_size();
                    // Twice of it stays below 65,536, and is not below the least.
                    self.limit = dice.below(32_768) as u16;
                    self.least = if dice.coin() {
                        0
                    } else {
                        dice.below(u64::from(self.limit) * 2) as u16
                    };
                    self.rebate = dice.any_size() as u16;
                    self.quantity = self.quantity.clamp(self.least, self.limit * 2);
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                if tier == 0 {
                    let (least, most) = (i64::from(self.least), i64::from(self.limit) * 2);
                    self.quantity = match dice.below(4) {
                        0 => self.least,
                        1 => self.limit * 2,
                        _ => dice.within(least, most) as u16,
                    };
                    self.currency = dice.pick(&CURRENCIES).into();
                }
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                if tier == 1 {
                    edit.set_customer(self.customer);
                    edit.set_least(self.least);
                    edit.set_limit(self.limit);
                    edit.set_rebate(self.rebate);
                    return Ok(());
                }
                edit.set_quantity(self.quantity)?;
                edit.set_currency(self.currency.clone())
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let root = shown.issued(1)?;
                let in_stock = |quantity: &u16| {
                    let most = u32::from(root.limit) * 2;
                    most <= u32::from(u16::MAX)
                        && root.least <= *quantity
                        && u32::from(*quantity) <= most
                };
                Ok(Self {
                    customer: root.customer,
                    least: root.least,
                    limit: root.limit,
                    rebate: root.rebate,
                    quantity: shown.or_default(0, |input| input.u16(), in_stock)?,
                    currency: shown.or_default(
                        0,
                        |input| input.text(3),
                        |currency| CURRENCIES.contains(&currency.as_str()),
                    )?,
                })
            }
        }
    };
}

basket!(now, "Trolleys", 1);
basket!(next, "Trolleys", 2);
basket!(other, "Wwblaciq", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
