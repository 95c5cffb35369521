//! What the commands do to a visit, through the library's own setters, and what is decided on private values.

use statecookie::{OutOfRange, Session};

use crate::state::{Item, Visit};
use crate::wire::{Command, Secrets, Verdict};

/// Carries out the next command.
pub(super) fn carry_out(session: &mut Session<Visit>, command: Command) -> Result<(), OutOfRange> {
    let (step, luck) = (session.step + 1, session.luck);
    let mut edit = session.edit();
    edit.set_step(step);
    edit.set_luck(luck.rotate_left(7) ^ step);
    match command {
        Command::Move(position) => edit.set_position(position)?,
        Command::Note(note) => edit.set_note(note)?,
        Command::Quality(quality) => edit.set_quality(quality)?,
        Command::Put(article) => put(session, article),
        Command::Credit(more) => {
            let credit = session.credit + more;
            session.edit().set_credit(credit);
        }
        Command::Language(language) => edit.set_language(language)?,
    }
    Ok(())
}

fn put(session: &mut Session<Visit>, article: u8) {
    let points = session.points + u32::from(article) + 1;
    let mut edit = session.edit();
    edit.set_points(points);
    let cart = edit.cart_mut();
    match cart.binary_search_by_key(&article, |line| line.article) {
        Ok(at) => cart[at].count += 1,
        Err(at) => cart.insert(at, Item { article, count: 1 }),
    }
}

/// Decides by the private values; what they are, nobody learns who did not know it.
pub(super) fn decide(visit: &Visit, asked: Secrets) -> Verdict {
    let Secrets {
        credit,
        points,
        luck,
    } = asked;
    let decide = |more: u32| {
        [
            credit.saturating_add(more) <= visit.credit,
            points.saturating_add(more) <= visit.points,
            luck.saturating_add(more.into()) <= visit.luck,
        ]
    };
    Verdict {
        step: visit.step,
        suffices: decide(0),
        more: decide(1),
    }
}
