//! One state in many layouts: the advised ones, some by hand, and fifty out of a seed.

use statecookie::StateCookie;

use crate::dice::Dice;
use crate::world::World;

/// A layout of the same fields.
pub(crate) trait Laid: StateCookie {
    /// The tier of each field.
    const TIERS: [u8; 9];
    fn of(world: &World) -> Self;
}

/// What is done with each layout.
pub(crate) trait Visit {
    fn visit<S: Laid>(&mut self, name: &'static str);
}

macro_rules! layout {
    ($name:ident 1: $($rest:tt)*) => { layout! { @ $name [tier(0, valid_for = "3h")] $($rest)* } };
    ($name:ident 2: $($rest:tt)*) => {
        layout! { @ $name [tier(1, valid_for = "3h"), tier(0, valid_for = "20m")] $($rest)* }
    };
    ($name:ident 3: $($rest:tt)*) => {
        layout! { @ $name [
            tier(2, valid_for = "3h"), tier(1, valid_for = "20m"), tier(0, valid_for = "4m")
        ] $($rest)* }
    };
    ($name:ident 4: $($rest:tt)*) => {
        layout! { @ $name [
            tier(3, valid_for = "3h"), tier(2, valid_for = "20m"), tier(1, valid_for = "4m"),
            tier(0, valid_for = "1m")
        ] $($rest)* }
    };
    ($name:ident 5: $($rest:tt)*) => {
        layout! { @ $name [
            tier(4, valid_for = "3h"), tier(3, valid_for = "20m"), tier(2, valid_for = "4m"),
            tier(1, valid_for = "1m"), tier(0, valid_for = "60s")
        ] $($rest)* }
    };
    ($name:ident 6: $($rest:tt)*) => {
        layout! { @ $name [
            tier(5, valid_for = "3h"), tier(4, valid_for = "20m"), tier(3, valid_for = "4m"),
            tier(2, valid_for = "1m"), tier(1, valid_for = "60s"), tier(0, valid_for = "60s")
        ] $($rest)* }
    };
    (@ $name:ident [$($policies:tt)*]
        $a:literal $b:literal $c:literal $d:literal $e:literal $f:literal $g:literal $h:literal $i:literal
    ) => {
        pub(crate) mod $name {
            use super::{Laid, StateCookie, World};

            #[derive(StateCookie)]
            #[statecookie(version = 1, $($policies)*)]
            pub(crate) struct Shop {
                #[tier($a)] #[immutable] customer: u64,
                #[tier($b)] #[private] token: Vec<u8>,
                #[tier($c)] #[private] credit: u16,
                #[tier($d)] #[immutable] cart: Vec<u16>,
                #[tier($e)] #[mutable(range = 0..=4)] quality: u8,
                #[tier($f)] #[immutable] limit: u32,
                #[tier($g)] #[mutable(range = -500.0..=500.0)] position: [f32; 3],
                #[tier($h)] #[mutable(range = 0.0..360.0)] yaw: f32,
                #[tier($i)] #[mutable(max_len = 40)] note: String,
            }

            impl Laid for Shop {
                const TIERS: [u8; 9] = [$a, $b, $c, $d, $e, $f, $g, $h, $i];

                fn of(world: &World) -> Self {
                    let World { customer, credit, quality, limit, position, yaw, .. } = *world;
                    let World { token, cart, note, .. } = world.clone();
                    Self { customer, token, credit, cart, quality, limit, position, yaw, note }
                }
            }
        }
    };
}

macro_rules! layouts {
    ($each:ident: $($name:ident $count:tt: $($tier:literal)*;)*) => {
        $(layout! { $name $count: $($tier)* })*

        pub(crate) fn $each(visitor: &mut impl Visit) {
            $(visitor.visit::<$name::Shop>(stringify!($name));)*
        }
    };
}

// In the order of declaration: customer, token, credit, cart, quality, limit, position, yaw, note.
layouts! { each_by_hand:
    advised_walking 3: 2 2 2 1 1 2 0 0 1;
    advised_standing 2: 1 1 1 0 0 1 0 0 1;
    whole 1: 0 0 0 0 0 0 0 0 0;
    paper 2: 1 1 1 1 1 1 0 0 1;
    design 3: 2 2 2 1 1 1 0 0 1;
    by_class 3: 1 2 2 1 0 1 0 0 0;
    each_its_own 6: 5 4 4 2 3 5 0 1 2;
}

layouts! { each_at_random:
    random_01 3: 0 1 1 2 1 0 2 1 1;
    random_02 3: 0 1 2 1 1 1 0 2 0;
    random_03 5: 4 0 3 2 1 1 1 4 3;
    random_04 5: 0 3 2 3 1 4 1 3 3;
    random_05 4: 1 0 2 2 2 0 2 0 3;
    random_06 1: 0 0 0 0 0 0 0 0 0;
    random_07 5: 2 1 3 0 3 4 3 3 0;
    random_08 3: 1 1 0 0 1 2 0 1 0;
    random_09 4: 0 1 3 2 3 0 3 2 3;
    random_10 2: 0 1 1 0 0 0 0 0 0;
    random_11 2: 1 0 0 0 1 0 1 1 0;
    random_12 3: 2 2 1 0 2 2 1 0 2;
    random_13 2: 0 0 0 1 0 0 1 1 0;
    random_14 2: 1 1 1 1 0 1 0 0 1;
    random_15 5: 0 4 3 1 2 0 1 2 1;
    random_16 3: 0 0 0 2 2 2 1 2 1;
    random_17 2: 1 1 1 1 0 1 0 1 0;
    random_18 4: 0 2 2 3 1 2 0 3 3;
    random_19 2: 0 0 1 1 0 0 0 0 0;
    random_20 6: 1 3 1 2 0 5 4 0 0;
    random_21 3: 0 1 0 1 2 1 1 1 1;
    random_22 6: 2 5 4 3 4 0 1 2 2;
    random_23 2: 1 0 1 1 0 0 1 0 1;
    random_24 2: 1 1 0 1 0 1 1 0 1;
    random_25 3: 1 2 2 1 1 0 2 2 0;
    random_26 5: 1 4 1 1 3 1 0 2 1;
    random_27 5: 3 0 0 1 2 3 3 4 2;
    random_28 3: 0 2 0 1 2 0 2 0 1;
    random_29 5: 1 3 0 4 4 0 4 2 3;
    random_30 2: 1 0 0 0 0 0 1 1 0;
    random_31 2: 1 0 1 0 1 1 1 1 1;
    random_32 3: 0 1 2 1 2 2 2 0 2;
    random_33 5: 3 3 1 2 4 4 0 2 4;
    random_34 4: 1 3 0 0 3 3 2 0 3;
    random_35 2: 0 1 0 1 0 0 0 1 0;
    random_36 4: 2 3 2 3 1 0 3 0 1;
    random_37 3: 1 2 1 2 1 1 1 0 1;
    random_38 3: 2 0 2 1 1 2 1 0 0;
    random_39 3: 0 1 2 1 1 1 1 2 2;
    random_40 4: 1 2 1 3 3 1 1 3 0;
    random_41 2: 1 0 0 1 0 1 0 1 1;
    random_42 4: 1 2 0 2 3 0 0 1 1;
    random_43 3: 1 2 0 1 1 2 0 2 0;
    random_44 2: 0 0 0 1 0 0 1 0 0;
    random_45 3: 0 2 0 2 0 2 1 2 0;
    random_46 2: 1 1 1 0 0 0 1 0 0;
    random_47 3: 1 2 1 0 0 0 2 1 1;
    random_48 5: 3 2 1 3 2 4 3 4 0;
    random_49 3: 0 0 0 2 0 2 2 1 1;
    random_50 3: 0 2 1 1 2 0 0 1 0;
}

#[test]
fn the_random_layouts_are_those_of_the_seed() {
    struct Found(Vec<[u8; 9]>);
    impl Visit for Found {
        fn visit<S: Laid>(&mut self, _: &'static str) {
            self.0.push(S::TIERS);
        }
    }
    let mut found = Found(Vec::new());
    each_at_random(&mut found);
    assert_eq!(found.0, drawn());
}

/// Any number of tiers up to six, and any tier for each field, none empty and no layout twice.
fn drawn() -> Vec<[u8; 9]> {
    let mut dice = Dice::new(4);
    let mut layouts = Vec::new();
    while layouts.len() < 50 {
        let tiers = 1 + dice.below(6);
        let layout: [u8; 9] = std::array::from_fn(|_| dice.below(tiers) as u8);
        let full = (0..tiers as u8).all(|tier| layout.contains(&tier));
        if full && !layouts.contains(&layout) {
            layouts.push(layout);
        }
    }
    layouts
}
