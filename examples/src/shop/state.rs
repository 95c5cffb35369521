//! The state of a visit: the struct that a user of the library annotates.

use serde::{Deserialize, Serialize};
use statecookie::StateCookie;

/// One visitor's state on one server. The account hardly ever changes, the cart now and then, the position all the time.
///
/// (`Serialize` is here for the comparison with other cookies only; the library does not ask for it.)
#[derive(StateCookie, Serialize, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
pub struct Shop {
    /// The customer's number.
    #[tier(2)]
    #[immutable]
    pub customer: u64,
    /// What the customer may owe, in Euro; never shown to anybody outside the pool.
    #[tier(2)]
    #[private]
    pub credit_rating: u16,
    /// What the customer has chosen, at the prices promised.
    #[tier(1)]
    #[immutable]
    pub cart: Vec<Item>,
    /// The quality of the pictures.
    #[tier(1)]
    #[mutable(range = 0..=4)]
    pub quality: u8,
    /// Where the visitor stands, in metres.
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    pub position: [f32; 3],
    /// Where the visitor looks, in degrees.
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    pub yaw: f32,
}

/// A line of the cart.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The article's name.
    pub article: String,
    /// The price of one, discount included.
    pub cents: u32,
    /// How many.
    pub count: u16,
}

/// The articles and their prices in cents.
pub const CATALOGUE: [(&str, u32); 6] = [
    ("lamp", 4_990),
    ("vase", 2_450),
    ("chair", 12_900),
    ("carpet", 39_900),
    ("mirror", 8_700),
    ("clock", 6_350),
];

/// The price of an article, if the shop has it.
pub fn price(article: &str) -> Option<u32> {
    let entry = CATALOGUE.iter().find(|(name, _)| *name == article)?;
    Some(entry.1)
}

impl Shop {
    /// A visitor who has just come in.
    pub fn at_the_entrance(customer: u64, credit_rating: u16) -> Self {
        Self {
            customer,
            credit_rating,
            cart: Vec::new(),
            quality: 2,
            position: [0.0; 3],
            yaw: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statecookie::{Jar, Keys, Pool, Reason, Secret, inspect};

    use super::*;
    use crate::shop::cheats::pieces::Pieces;

    fn server() -> Pool<Shop> {
        let secret: Vec<u8> = (0..32).collect();
        Pool::new(
            "shop.test",
            Keys::embedded(Secret::from_bytes(&secret).unwrap()),
        )
        .unwrap()
    }

    fn bundle(state: Shop) -> Vec<u8> {
        let mut jar = Jar::new();
        let update = server().open(state).unwrap().flush().unwrap().unwrap();
        let _ = jar.merge(&update).unwrap();
        jar.bundle().unwrap()
    }

    prop_compose! {
        fn item()(article in "[a-z]{0,12}", cents: u32, count: u16) -> Item {
            Item { article, cents, count }
        }
    }

    prop_compose! {
        fn shop()(
            customer: u64,
            credit_rating: u16,
            cart in prop::collection::vec(item(), 0..20),
            quality in 0..=4_u8,
            position in prop::array::uniform3(-500.0..=500.0_f32),
            yaw in 0.0..360.0_f32,
        ) -> Shop {
            Shop { customer, credit_rating, cart, quality, position, yaw }
        }
    }

    proptest! {
        #[test]
        fn every_state_comes_back_on_another_server(state in shop()) {
            let resumed = server().resume(&bundle(state.clone())).unwrap();
            prop_assert_eq!(&*resumed.session, &state);
        }

        #[test]
        fn the_shop_issues_no_state_outside_its_bounds(state in shop(), quality in 5..=u8::MAX) {
            let opened = server().open(Shop { quality, ..state.clone() });
            prop_assert!(opened.is_err());
            let mut session = server().open(state.clone()).unwrap();
            prop_assert!(session.edit().set_quality(quality).is_err());
            prop_assert!(session.edit().set_yaw(360.0).is_err());
            prop_assert!(session.edit().set_position([0.0, f32::NAN, 0.0]).is_err());
            prop_assert_eq!(&*session, &state);
        }

        #[test]
        fn a_quality_is_restored_if_and_only_if_it_is_in_range(state in shop(), quality: u8) {
            let mut pieces = Pieces::of(&bundle(state.clone())).unwrap();
            *pieces.cookies[1].last_mut().unwrap() = quality;
            match server().resume(&pieces.bundle()) {
                Ok(resumed) => {
                    prop_assert!(quality <= 4);
                    prop_assert_eq!(&*resumed.session, &Shop { quality, ..state });
                }
                Err(refusal) => {
                    prop_assert!(quality > 4);
                    prop_assert_eq!(refusal.reason, Reason::OutOfRange);
                    prop_assert_eq!(refusal.field, Some("quality"));
                }
            }
        }

        #[test]
        fn no_changed_byte_reaches_account_or_cart(state in shop(), at: prop::sample::Index, flip in 1..=u8::MAX) {
            let mut changed = bundle(state.clone());
            let at = at.index(changed.len());
            changed[at] ^= flip;
            if let Ok(resumed) = server().resume(&changed) {
                let found = &*resumed.session;
                prop_assert_eq!(found.customer, state.customer);
                prop_assert_eq!(found.credit_rating, state.credit_rating);
                prop_assert_eq!(&found.cart, &state.cart);
            }
        }

        #[test]
        fn a_step_costs_48_bytes_whatever_is_in_the_cart(state in shop()) {
            let mut session = server().open(state).unwrap();
            let _ = session.flush().unwrap();
            session.edit().set_yaw(1.5).unwrap();
            let step = session.flush().unwrap().unwrap();
            prop_assert_eq!(inspect(&step).unwrap().cookies.len(), 1);
            prop_assert!(step.len() <= 16 + 32 + 2, "{}", step.len());
        }
    }
}
