//! What the cheater tries: values, mixtures, other people's cookies.

use statecookie::Reason;

use super::Loot;
use super::pieces::{Pieces, varint};
use crate::Outcome;

/// One attempt.
pub struct Cheat {
    /// In words.
    pub what: &'static str,
    /// What is presented.
    pub bundle: Vec<u8>,
    /// Why it is refused, if it must be.
    pub expected: Option<Reason>,
}

const ROOT: usize = 0;
const TIER_1: usize = 1;
const TIER_0: usize = 2;

/// The lamp's price in the cart, and 10 cents in as many bytes.
const DEAR: usize = 4_990;
const CHEAP: [u8; 2] = [0x8a, 0];

/// Every attempt; the first two are honest, lest the refusals mean nothing.
///
/// # Errors
///
/// The loot is not what it should be.
pub fn cheats(loot: &Loot) -> Outcome<Vec<Cheat>> {
    let now = Pieces::of(&loot.now)?;
    let mut all = vec![Cheat::honest("honest: the bundle as it is", now.bundle())];
    all.extend(changed_values(&now)?);
    all.extend([
        Cheat::new(
            "the earlier cart under today's account",
            mixed(loot)?,
            Reason::Unlinked,
        ),
        Cheat::new(
            "two visits mixed, the link forged",
            grafted(loot)?,
            Reason::BadTag,
        ),
        Cheat::new("the cart left away", beheaded(&now), Reason::MissingTier),
        Cheat::new(
            "another visitor's cookies",
            loot.stolen.clone(),
            Reason::BadTag,
        ),
    ]);
    Ok(all)
}

/// One value at a time, whatever its class.
fn changed_values(now: &Pieces) -> Outcome<Vec<Cheat>> {
    let far = 10_000_f32.to_le_bytes();
    let not_a_number = f32::NAN.to_le_bytes();
    let quality = |quality: u8| now.overwritten(TIER_1, 1, &[quality]);
    let price = now.replaced(TIER_1, &varint(DEAR), &CHEAP)?;
    let article = now.replaced(TIER_1, b"vase", b"gold")?;
    let rating = now.overwritten(ROOT, 40, &[0x55; 4])?;
    let position = now.overwritten(TIER_0, 16, &far)?;
    let yaw = now.overwritten(TIER_0, 4, &not_a_number)?;
    Ok(vec![
        Cheat::honest("honest: its own quality, 4", quality(4)?),
        Cheat::new(
            "cart: the lamp for 0.10 instead of 49.90",
            price,
            Reason::BadTag,
        ),
        Cheat::new(
            "cart: gold at the price of the vase",
            article,
            Reason::BadTag,
        ),
        Cheat::new("credit rating: other ciphertext", rating, Reason::BadTag),
        Cheat::new("quality: 9 of at most 4", quality(9)?, Reason::OutOfRange),
        Cheat::new(
            "position: 10 km outside the shop",
            position,
            Reason::OutOfRange,
        ),
        Cheat::new("yaw: not a number", yaw, Reason::OutOfRange),
    ])
}

/// The root alone.
fn beheaded(now: &Pieces) -> Vec<u8> {
    let mut pieces = now.clone();
    pieces.cookies.truncate(1);
    pieces.bundle()
}

/// The cookies of two moments of one visit.
fn mixed(loot: &Loot) -> Outcome<Vec<u8>> {
    let (mut now, earlier) = (Pieces::of(&loot.now)?, Pieces::of(&loot.earlier)?);
    now.cookies.truncate(1);
    now.cookies.extend(earlier.cookies.into_iter().skip(1));
    Ok(now.bundle())
}

/// The lowest cookie of one visit under the cookies of another, made to look as if it belonged there.
fn grafted(loot: &Loot) -> Outcome<Vec<u8>> {
    let [one, other] = &loot.twins;
    let (mut one, mut other) = (Pieces::of(one)?, Pieces::of(other)?);
    let foreign = other.cookies.pop().ok_or("no cookies")?;
    let own = one.cookies.pop().ok_or("no cookies")?;
    // A child's header begins with its shape and the link: keep the own ones, and the rest of the foreign.
    let (head, tail) = (
        own.get(..5).ok_or("short")?,
        foreign.get(5..).ok_or("short")?,
    );
    one.cookies.push([head, tail].concat());
    Ok(one.bundle())
}

impl Cheat {
    fn new(what: &'static str, bundle: Vec<u8>, reason: Reason) -> Self {
        Self {
            what,
            bundle,
            expected: Some(reason),
        }
    }

    fn honest(what: &'static str, bundle: Vec<u8>) -> Self {
        Self {
            what,
            bundle,
            expected: None,
        }
    }
}
