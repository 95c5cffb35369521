//! One honest state of each schema.

use std::collections::BTreeMap;
use std::time::Duration;

use super::schemas::{Basket, Item, Mode, Name, Note, Rights, Spot, World};
use super::schemas_deep::{Archive, Chest, Pages, Pair, Seal, Till, Tree, Unit};
use super::schemas_derived::{Film, Glider, Viewport};
use super::schemas_wide::{Ladder, Numbers};

/// An honest [`Note`].
pub fn note() -> Note {
    Note {
        author: Name::from("Zoë"),
        rights: Some(Rights::Editor(300)),
        text: "grüezi".into(),
        quality: 3,
    }
}

/// An honest [`Basket`].
pub fn basket() -> Basket {
    Basket {
        customer: 4711,
        least: 1,
        limit: 10,
        rebate: 250,
        quantity: 2,
        currency: "EUR".into(),
    }
}

/// An honest [`World`].
pub fn world() -> World {
    World {
        account: u64::MAX,
        roles: vec![
            Rights::Guest,
            Rights::Editor(65_535),
            Rights::Owner {
                since: 1 << 40,
                shared: true,
            },
        ],
        rating: -721,
        seen: BTreeMap::from([("a".into(), 1), ("lamp".into(), 300)]),
        cart: vec![Item {
            name: "lamp".into(),
            count: 2,
            price: (-1999, false),
        }],
        letter: 'c',
        step: 128,
        mode: Mode::Fly,
        position: [[1.0, -2.5], [500.0, -500.0]],
        yaw: 359.75,
        tags: vec!["new".into(), "".into(), "größe".into()],
        pause: Duration::new(4, 999_999_999),
        offset: -1000,
        spot: Spot {
            x: 99,
            label: "home".into(),
        },
        digit: Some(9),
        wide: u128::MAX,
        ready: true,
        choice: Some(3),
    }
}

/// An honest [`Ladder`].
pub fn ladder() -> Ladder {
    Ladder {
        house: 1 << 30,
        pin: "0815".into(),
        open: false,
        floors: [0, 7, 255],
        key: (1, None),
        level: 77,
        lean: 1,
        name: "Jo".into(),
        step: 4,
    }
}

/// An honest [`Numbers`].
pub fn numbers() -> Numbers {
    Numbers {
        tiny: -1,
        short: 300,
        plain: -70_000,
        long: i64::MIN,
        huge: i128::MAX,
        size: 0,
        shift: -1,
        ratio: -0.0,
        exact: 1.0e-300,
        sign: 'ß',
        wait: Duration::new(0, 999_999_999),
        code: 1,
        known: false,
        a: 2,
        b: -500,
        c: 12,
        d: u64::MAX,
        e: -1,
        f: 1 << 33,
        g: 3.5,
        h: f64::INFINITY,
        i: f64::NEG_INFINITY,
        j: 0.1,
        k: [Some(15), Some(20)],
        l: vec![vec![], vec![1, 2, 99]],
        m: Some("é".into()),
        n: vec![Duration::from_secs(1), Duration::from_millis(1)],
        o: vec![Mode::Walk, Mode::Run, Mode::Fly],
        p: vec![Spot::default(), Spot::default()],
        q: 'z',
        r: -12,
    }
}

/// An honest [`Till`].
pub fn till() -> Till {
    Till {
        floor: -100,
        ceiling: 100_000,
        limit: 50_000,
        rate: 0.5,
        slots: 3,
        amount: 900,
        ratio: 0.25,
        places: vec![Some(1), None],
        last: -110,
        confirmed: true,
        tip: 1,
    }
}

/// An honest [`Archive`].
pub fn archive() -> Archive {
    Archive {
        tree: Tree::Crown {
            name: "elm".into(),
            boughs: vec![
                Tree::Leaf,
                Tree::Fork(Tree::Twig(1).into(), Tree::Leaf.into()),
            ],
        },
        seal: Seal("lead".into()),
        chest: Chest {
            unit: Unit,
            nothing: (),
            pair: Pair('&', 2.5),
            nest: Some(Box::new(Chest {
                unit: Unit,
                nothing: (),
                pair: Pair('a', 0.0),
                nest: None,
                words: BTreeMap::new(),
            })),
            words: BTreeMap::from([("x".into(), vec![Some(-1), None])]),
        },
        marks: Vec::new(),
        pages: Pages(vec![1, 2, 3]),
        read: false,
    }
}

/// An honest [`Film`].
pub fn film() -> Film {
    Film {
        position_ms: 41_000,
        length_ms: 90_000,
        licence: "ape".into(),
        volume: 80,
        quality: 4,
        subtitle: "fr".into(),
        viewport: Viewport {
            width: 1920,
            zoom: 1.0,
        },
    }
}

/// An honest [`Glider`].
pub fn glider() -> Glider {
    Glider {
        pilot: 77,
        rating: -12,
        position: [0.5, -500.0, 20.25],
        yaw: 270.5,
        landed: false,
    }
}
