//! The state of a visit, cut into tiers in several ways: the same fields each time, in the same classes.

use statecookie::{Jar, Session, StateCookie};

use super::trace::Event;
use crate::Outcome;
use crate::shop::state::Item;

/// A visit, whatever its layout.
pub trait World: StateCookie + Clone + PartialEq + std::fmt::Debug {
    /// How a visit begins.
    fn at_the_entrance() -> Self;

    /// Lets something happen.
    ///
    /// # Errors
    ///
    /// A value is outside its bound.
    fn apply(session: &mut Session<Self>, event: &Event) -> Outcome<()>;

    /// Where the visitor stands.
    fn position(&self) -> [f32; 3];

    /// What a client knows without being told, since it makes the steps itself: nothing, unless they are derived.
    fn know(&mut self, _now: &Self) {}

    /// What the client of this state presents.
    ///
    /// # Errors
    ///
    /// There is nothing to present, or a value is outside its bound.
    fn present(&self, jar: &mut Jar) -> Outcome<Vec<u8>> {
        Ok(jar.bundle()?)
    }
}

/// A layout: its name, the tiers with their policies, and for each group of fields its tier; whether the steps are derived,
/// and in brackets what else their fields carry.
macro_rules! layout {
    ($(#[$doc:meta])* $name:ident: ($($policy:tt)*)
     account $account:tt settings $settings:tt cart $cart:tt aisle $aisle:tt
     steps $steps:tt $($derived:ident)? [$(#[$position:meta])*] [$(#[$yaw:meta])*]) => {
        $(#[$doc])*
        #[derive(StateCookie, Clone, Debug, PartialEq)]
        #[statecookie(version = 1, $($policy)*)]
        pub struct $name {
            #[tier($account)] #[immutable] customer: u64,
            #[tier($account)] #[private] credit_rating: u16,
            #[tier($settings)] #[mutable(range = 0..=4)] quality: u8,
            #[tier($cart)] #[immutable] cart: Vec<Item>,
            #[tier($aisle)] #[immutable] aisle: u16,
            #[tier($steps)] #[mutable(range = -500.0..=500.0 $(, $derived)?)] $(#[$position])* position: [f32; 3],
            #[tier($steps)] #[mutable(range = 0.0..360.0 $(, $derived)?)] $(#[$yaw])* yaw: f32,
        }

        impl World for $name {
            fn at_the_entrance() -> Self {
                Self {
                    customer: 4711,
                    credit_rating: 720,
                    quality: 2,
                    cart: Vec::new(),
                    aisle: 0,
                    position: [0.0, 1.7, 0.0],
                    yaw: 0.0,
                }
            }

            fn apply(session: &mut Session<Self>, event: &Event) -> Outcome<()> {
                let mut edit = session.edit();
                match event {
                    Event::Move { position, yaw } => {
                        edit.set_position(*position)?;
                        edit.set_yaw(*yaw)?;
                    }
                    Event::Aisle(aisle) => *edit.aisle_mut() = *aisle,
                    Event::Cart(cart) => edit.cart_mut().clone_from(cart),
                    Event::Quality(quality) => edit.set_quality(*quality)?,
                }
                Ok(())
            }

            fn position(&self) -> [f32; 3] {
                self.position
            }

            $(supplied! { $derived })?
        }
    };
}

/// What is different where the client works the steps out by itself.
macro_rules! supplied {
    (derived) => {
        fn know(&mut self, now: &Self) {
            (self.position, self.yaw) = (now.position, now.yaw);
        }

        fn present(&self, jar: &mut Jar) -> Outcome<Vec<u8>> {
            let bundle = jar.bundle_with::<Self>(|view| {
                view.set_position(self.position)?;
                view.set_yaw(self.yaw)
            });
            Ok(bundle?)
        }
    };
}

layout! {
    /// Everything in one cookie.
    One: (tier(0, valid_for = "3h"))
    account 0 settings 0 cart 0 aisle 0 steps 0 [] []
}

layout! {
    /// The paper's two: what changes with each step, and the rest.
    Two: (tier(1, valid_for = "3h"), tier(0, valid_for = "30s"))
    account 1 settings 1 cart 1 aisle 1 steps 0 [] []
}

layout! {
    /// The aisle apart.
    Three: (tier(2, valid_for = "3h"), tier(1, valid_for = "10m"), tier(0, valid_for = "30s"))
    account 2 settings 2 cart 2 aisle 1 steps 0 [] []
}

layout! {
    /// The cart apart too.
    Four: (
        tier(3, valid_for = "3h"), tier(2, valid_for = "1h"), tier(1, valid_for = "10m"), tier(0, valid_for = "30s")
    )
    account 3 settings 3 cart 2 aisle 1 steps 0 [] []
}

layout! {
    /// Each group of fields apart.
    Five: (
        tier(4, valid_for = "3h"), tier(3, valid_for = "2h"), tier(2, valid_for = "1h"), tier(1, valid_for = "10m"),
        tier(0, valid_for = "30s")
    )
    account 4 settings 3 cart 2 aisle 1 steps 0 [] []
}

layout! {
    /// Three tiers, the steps at most ten times a second.
    Tenth: (
        tier(2, valid_for = "3h"), tier(1, valid_for = "10m"), tier(0, valid_for = "30s", at_most_every = "100ms")
    )
    account 2 settings 2 cart 2 aisle 1 steps 0 [] []
}

layout! {
    /// Three tiers, the steps at most once a second.
    Second: (
        tier(2, valid_for = "3h"), tier(1, valid_for = "10m"), tier(0, valid_for = "30s", at_most_every = "1s")
    )
    account 2 settings 2 cart 2 aisle 1 steps 0 [] []
}

layout! {
    /// Two tiers; the steps, which would be the third and lowest, are derived.
    Derived: (tier(2, valid_for = "3h"), tier(1, valid_for = "10m"))
    account 2 settings 2 cart 2 aisle 1 steps 0 derived [] []
}

/// Three tiers, the position within so many metres, the angle within ten degrees.
macro_rules! tolerant {
    ($($name:ident $metres:literal)*) => {$(
        layout! {
            #[doc = concat!("Three tiers, the position within ", $metres, " m.")]
            $name: (tier(2, valid_for = "3h"), tier(1, valid_for = "10m"), tier(0, valid_for = "30s"))
            account 2 settings 2 cart 2 aisle 1
            steps 0 [#[approx(tolerance = $metres)]] [#[approx(tolerance = 10.0, wrap = 360.0)]]
        }
    )*};
}

tolerant! {
    Within01 0.1
    Within02 0.2
    Within05 0.5
    Within1 1.0
    Within2 2.0
    Within5 5.0
}
