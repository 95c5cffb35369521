//! Each rule of the model broken on purpose: the promise that it holds up must fall.

use crate::checker::search_for_flaw;
use crate::model::rules::{Flaw, Rules};
use crate::model::scope::Scope;
use crate::scopes::BASE;

/// The flaws, with the promise that falls.
const FLAWS: [(Flaw, Scope, &str); 15] = [
    (Flaw::BoundToRootOnly, TRIO, "no mix is accepted"),
    (
        Flaw::CounterNotRaised,
        BASE,
        "a full update of the only living server wins",
    ),
    (Flaw::ExpiryOfRootOnly, TIMED, "age is bounded"),
    (
        Flaw::FirstFlushPartial,
        BASE,
        "a late update under a known root never wins",
    ),
    (Flaw::JarTakesTheOlder, BASE, "the jar never goes backwards"),
    (
        Flaw::JarTierByTier,
        BASE,
        "the jar's chain is one that was issued",
    ),
    (Flaw::JarTiesByArrival, BASE, "the jar never goes backwards"),
    (
        Flaw::KeyChangePartial,
        TIMED,
        "a complete chain stays presentable until it expires",
    ),
    (
        Flaw::KeyForgottenEarly,
        TIMED,
        "a complete chain stays presentable until it expires",
    ),
    (
        Flaw::KeyKept,
        TIMED,
        "everything is signed with the newest key",
    ),
    (
        Flaw::NoLeeway,
        TIMED,
        "a complete chain stays presentable until it expires",
    ),
    (
        Flaw::ParentOverStays,
        TRIO,
        "nothing is issued that is over",
    ),
    (Flaw::SessionWithoutEnd, ONE_CLOCK, "age is bounded"),
    (
        Flaw::StrangersWelcome,
        LOGIN,
        "a bound session is resumed for its identity only",
    ),
    (Flaw::Unbound, BASE, "no mix is accepted"),
];

const TIMED: Scope = Scope {
    ticks: 8,
    updates: 3,
    resumes: 1,
    skews: &[[0, 1, 0], [1, 0, 0]],
    apart: 1,
    ..BASE
};
const ONE_CLOCK: Scope = Scope {
    skews: BASE.skews,
    apart: 0,
    ..TIMED
};
const TRIO: Scope = Scope {
    rules: Rules::TRIO,
    ticks: 5,
    updates: 3,
    resumes: 1,
    quiet: true,
    ..BASE
};
const LOGIN: Scope = Scope {
    updates: 2,
    resumes: 1,
    logins: 1,
    ..BASE
};

/// Breaks one rule after the other; `Err` tells which was not noticed.
pub(crate) fn all() -> Result<(), String> {
    crate::report::heading("the model with a flaw");
    println!("flaws put into the model, each with the promise that falls and the steps it takes:");
    for (flaw, scope, promise) in FLAWS {
        let flawed = Scope {
            rules: Rules {
                flaw: Some(flaw),
                ..scope.rules
            },
            ..scope
        };
        let searched = search_for_flaw(&flawed);
        let Some((_, path)) = searched.broken.iter().find(|(name, _)| *name == promise) else {
            let fell: Vec<_> = searched.broken.iter().map(|(name, _)| *name).collect();
            return Err(format!(
                "{flaw:?}: {promise:?} should fall, but {fell:?} did"
            ));
        };
        println!("  {flaw:?}: {promise} ({} steps)", path.len());
    }
    println!("{} flaws, all noticed", FLAWS.len());
    Ok(())
}
