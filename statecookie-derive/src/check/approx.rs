//! The rules of approximation: a number, how far it may stray, and where it begins again.

use quote::ToTokens;
use syn::{Expr, Ident, Type};

use crate::entry::{self, Given, Grammar, Keys};
use crate::plan::Approx;
use crate::report::Report;
use crate::text;

const GRAMMAR: Grammar = Grammar {
    attribute: "`#[approx(..)]`",
    known: &["tolerance", "wrap"],
    later: &[],
};

/// Checks what `#[approx(..)]` lists.
pub fn check(key: &Ident, given: &Given, ty: &Type, report: &mut Report) -> Option<Approx> {
    is_about_numbers(key, ty, report)?;
    let list = match given {
        Given::List(list) if !list.is_empty() => list.clone(),
        _ => {
            report.blame(
                key,
                "say how far the value may stray from what was issued: write `#[approx(tolerance = 1.0)]`",
            );
            return None;
        }
    };
    let mut problems = Report::default();
    let mut keys = Keys::read(
        entry::in_list(list.clone(), &mut problems),
        &GRAMMAR,
        &mut problems,
    );
    let tolerance = keys.take_value("tolerance", "1.0", &mut problems);
    let wrap = keys.take_value("wrap", "360.0", &mut problems);
    if tolerance.is_none() && problems.is_empty() {
        problems.blame(
            key,
            "the tolerance is missing: write `approx(tolerance = 1.0)`",
        );
    }
    for value in [&tolerance, &wrap].into_iter().flatten() {
        is_constant(value, &mut problems);
    }
    let sound = problems.is_empty();
    report.absorb(problems);
    sound.then_some(Approx {
        tolerance: tolerance?,
        wrap,
        text: text::of(list),
    })
}

/// What is plainly no number is blamed here; of a name the compiler knows what it stands for.
fn is_about_numbers(key: &Ident, ty: &Type, report: &mut Report) -> Option<()> {
    if may_be_number(ty) {
        return Some(());
    }
    let ty = text::of(ty);
    report.blame(
        key,
        format!("only numbers and arrays of them can be approximated, not `{ty}`: remove `approx`"),
    );
    None
}

fn may_be_number(ty: &Type) -> bool {
    match ty {
        Type::Array(array) => may_be_number(&array.elem),
        Type::Group(group) => may_be_number(&group.elem),
        Type::Paren(paren) => may_be_number(&paren.elem),
        Type::Path(path) => {
            let is_plain = path
                .path
                .segments
                .iter()
                .all(|part| part.arguments.is_empty());
            is_plain && !matches!(text::of(path).as_str(), "String" | "bool" | "char")
        }
        _ => false,
    }
}

fn is_constant(value: &Expr, report: &mut Report) {
    if text::mentions(value.to_token_stream(), "self") {
        report.blame(
            value,
            "a tolerance is a constant: it cannot name other fields",
        );
    }
}
