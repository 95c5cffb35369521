//! Each rule of the model broken on purpose: the promise that it holds up must fall.

use crate::checker::search_until;
use crate::model::rules::{Flaw, Rules};
use crate::model::scope::Scope;
use crate::report::heading;
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

/// Breaks one rule after the other, then tries a repair; `Err` tells what came out otherwise.
pub(crate) fn all() -> Result<(), String> {
    heading("the model with a flaw: the promise that falls, and after how many steps");
    for (flaw, scope, promise) in FLAWS {
        let rules = Rules {
            flaw: Some(flaw),
            ..scope.rules
        };
        let steps = falls(Scope { rules, ..scope }, promise)
            .ok_or(format!("{flaw:?}: {promise:?} holds all the same"))?;
        println!("{flaw:?}: {promise} ({steps} steps)");
    }
    println!("counts: {} flaws of the model, all noticed", FLAWS.len());
    heading("a repair that is not one: a fail-over raises the root's counter by 8");
    repair()
}

/// After how many steps a promise is broken, if it can be.
fn falls(scope: Scope, promise: &'static str) -> Option<usize> {
    let searched = search_until(&scope, promise);
    let path = searched.broken.iter().find(|(name, _)| *name == promise);
    path.map(|(_, path)| path.len())
}

/// More than the updates that a dead server can have issued unseen: enough against it, but not against a second one, which
/// was resumed from the same chain and died before its client saw anything.
fn repair() -> Result<(), String> {
    let promise = "no late update wins where a fail-over raises the counter far";
    let raised = Scope {
        rules: Rules {
            stride: 8,
            ..Rules::DUO
        },
        updates: 5,
        ..BASE
    };
    let once = Scope {
        resumes: 1,
        ..raised.clone()
    };
    if falls(once, promise).is_some() {
        return Err("it does not even help against one dead server".into());
    }
    let steps = falls(raised, promise).ok_or("it helps against two dead servers")?;
    println!("{promise}: with one fail-over it holds, with two it falls ({steps} steps)");
    Ok(())
}
