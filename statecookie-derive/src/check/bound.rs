//! The rules of bounds: one rule, a length for each level, and nothing that has to be guessed.

use quote::ToTokens;
use syn::{Expr, Ident, RangeLimits, Type, UnOp};

use super::fields::Peer;
use super::signed;
use crate::entry::{self, Given, Grammar, Keys};
use crate::plan::{Bound, Ends, Rule};
use crate::raw::RawField;
use crate::report::Report;
use crate::text;

const GRAMMAR: Grammar = Grammar {
    attribute: "`#[mutable(..)]`",
    known: &[
        "any", "check", "derived", "each", "max_len", "one_of", "range",
    ],
    later: &[],
};

const EACH: Grammar = Grammar {
    attribute: "`each(..)`",
    known: &["each", "max_len"],
    later: &[],
};

const RANGE: Grammar = Grammar {
    attribute: "`range(..)`",
    known: &["max", "min"],
    later: &[],
};

const NO_BOUND: &str = "a mutable field needs a bound: write `#[mutable(range = 0..=9)]`, `max_len = 16`, \
     `one_of(..)`, `check = path`, or `any` for every value of the type";

/// Where a bound stands: a signed one may name fields of a state, and nothing anywhere else.
pub enum Scope<'s> {
    /// On the field of a state.
    State {
        field: &'s RawField,
        tier: Option<u8>,
        peers: &'s [Peer<'s>],
    },
    /// On the field of a mutable value.
    Value { field: &'s RawField },
}

impl Scope<'_> {
    fn ty(&self) -> &Type {
        match self {
            Self::State { field, .. } | Self::Value { field } => &field.ty,
        }
    }
}

/// What `#[mutable(..)]` says.
pub struct Said {
    /// Whether the client supplies the value; unknown where the list could not be read.
    pub derived: Option<bool>,
    /// The bound, if it is sound.
    pub bound: Option<Bound>,
}

/// Checks what `#[mutable(..)]` lists.
pub fn check(key: &Ident, given: &Given, scope: &Scope<'_>, report: &mut Report) -> Said {
    let list = match given {
        Given::List(list) if !list.is_empty() => list.clone(),
        _ => {
            report.blame(key, NO_BOUND);
            let derived = Some(false);
            return Said {
                derived,
                bound: None,
            };
        }
    };
    let mut problems = Report::default();
    let entries = entry::in_list(list, &mut problems);
    let mut keys = Keys::read(entries, &GRAMMAR, &mut problems);
    let is_readable = problems.is_empty();
    let derived = keys.take_flag("derived", &mut problems);
    if let (Some(word), Scope::Value { .. }) = (&derived, scope) {
        problems.blame(
            word,
            "only a field of the state itself can be derived: leave `derived` out",
        );
    }
    let lengths = lengths(&mut keys, &mut problems);
    let rule = one_rule(&mut keys, scope, &mut problems);
    let is_bounded = rule.is_some() || !lengths.is_empty();
    if !is_bounded && problems.is_empty() {
        problems.blame(key, NO_BOUND);
    }
    let sound = problems.is_empty();
    report.absorb(problems);
    Said {
        derived: (derived.is_some() || is_readable).then_some(derived.is_some()),
        bound: sound.then(|| Bound {
            lengths,
            rule: rule.unwrap_or(Rule::Any),
        }),
    }
}

/// `max_len`, then that of each `each(..)` further in.
fn lengths(keys: &mut Keys, report: &mut Report) -> Vec<Expr> {
    let mut lengths: Vec<Expr> = keys
        .take_value("max_len", "16", report)
        .into_iter()
        .collect();
    if let Some((key, given)) = keys.take("each") {
        if lengths.is_empty() {
            report.blame(
                &key,
                "`each` speaks of what is inside: write `max_len = 16, each(max_len = 16)`",
            );
        }
        let Given::List(list) = given else {
            report.blame(
                key,
                "write the inner length in parentheses: `each(max_len = 16)`",
            );
            return lengths;
        };
        let inner = entry::in_list(list, report);
        lengths.extend(self::lengths(&mut Keys::read(inner, &EACH, report), report));
    }
    lengths
}

/// A bound has one rule beside its lengths.
fn one_rule(keys: &mut Keys, scope: &Scope<'_>, report: &mut Report) -> Option<Rule> {
    let mut rules = Vec::new();
    for word in ["range", "one_of", "check", "any"] {
        let Some((key, given)) = keys.take(word) else {
            continue;
        };
        if rules.is_empty() {
            rules.push(rule(&key, given, scope, report));
        } else {
            report.blame(
                key,
                "a bound has one rule: keep one of `range`, `one_of`, `check` and `any`",
            );
        }
    }
    rules.pop().flatten()
}

fn rule(key: &Ident, given: Given, scope: &Scope<'_>, report: &mut Report) -> Option<Rule> {
    match key.to_string().as_str() {
        "range" => range(key, given, scope, report),
        "one_of" => one_of(key, given, report).map(Rule::OneOf),
        "check" => check_path(key, given, report).map(Rule::Check),
        _ => {
            if !matches!(given, Given::Nothing) {
                report.blame(key, "`any` stands alone: write just `any`");
            }
            Some(Rule::Any)
        }
    }
}

fn one_of(key: &Ident, given: Given, report: &mut Report) -> Option<Vec<Expr>> {
    let values = match given {
        Given::List(list) => entry::expressions(list, report),
        _ => Vec::new(),
    };
    if values.is_empty() && report.is_empty() {
        report.blame(key, "list the values: `one_of(1, 2, 3)`");
    }
    for value in values.iter().filter(|value| text::mentions(value, "self")) {
        report.blame(
            value,
            "only a range may name other fields; list constants here",
        );
    }
    (!values.is_empty()).then_some(values)
}

fn check_path(key: &Ident, given: Given, report: &mut Report) -> Option<Expr> {
    match given {
        Given::Value(path @ Expr::Path(_)) => Some(path),
        Given::Value(other) => {
            report.blame(
                other,
                "write the path of a function: `check = path::to::function`",
            );
            None
        }
        _ => {
            report.blame(
                key,
                "write the path of a function: `check = path::to::function`",
            );
            None
        }
    }
}

/// `range = low..=high` in any of Rust's forms, or `range(min = low, max = high)`.
fn range(key: &Ident, given: Given, scope: &Scope<'_>, report: &mut Report) -> Option<Rule> {
    has_numbers(key, scope.ty(), report)?;
    let ends = match given {
        Given::Value(Expr::Range(range)) => ends_of(&range),
        Given::Value(value) => return range_value(value, report),
        Given::List(list) => min_and_max(key, list, report)?,
        Given::Nothing => {
            report.blame(
                key,
                "write the range: `range = 0..=9` or `range(min = 0, max = 9)`",
            );
            return None;
        }
    };
    if ends.low.is_none() && ends.high.is_none() {
        report.blame(
            &ends.whole,
            "a range without ends bounds nothing: write one end, or `any`",
        );
        return None;
    }
    if text::mentions(&ends.whole, "self") {
        return signed::check(ends, scope, report).map(Rule::Signed);
    }
    Some(Rule::Range(planned(ends)))
}

/// A range with its ends as typed.
pub struct TypedEnds {
    /// The least value.
    pub low: Option<Expr>,
    /// The greatest value, or the first one outside.
    pub high: Option<Expr>,
    /// Whether `high` is outside.
    pub high_excluded: bool,
    /// All of it.
    pub whole: proc_macro2::TokenStream,
}

fn ends_of(range: &syn::ExprRange) -> TypedEnds {
    let end = |end: &Option<Box<Expr>>| end.as_deref().cloned();
    TypedEnds {
        low: end(&range.start),
        high: end(&range.end),
        high_excluded: matches!(range.limits, RangeLimits::HalfOpen(_)) && range.end.is_some(),
        whole: range.to_token_stream(),
    }
}

fn min_and_max(
    key: &Ident,
    list: proc_macro2::TokenStream,
    report: &mut Report,
) -> Option<TypedEnds> {
    let mut keys = Keys::read(entry::in_list(list.clone(), report), &RANGE, report);
    let low = keys.take_value("min", "0", report);
    let high = keys.take_value("max", "9", report);
    if low.is_none() && high.is_none() {
        if report.is_empty() {
            report.blame(key, "write at least one end: `range(min = 0, max = 9)`");
        }
        return None;
    }
    Some(TypedEnds {
        low,
        high,
        high_excluded: false,
        whole: list,
    })
}

fn planned(ends: TypedEnds) -> Ends {
    let is_literal = [&ends.low, &ends.high]
        .into_iter()
        .flatten()
        .all(is_literal);
    Ends {
        low: ends.low.map(ToTokens::into_token_stream),
        high: ends.high.map(ToTokens::into_token_stream),
        high_excluded: ends.high_excluded,
        whole: ends.whole,
        is_literal,
    }
}

/// A constant of a range type.
fn range_value(value: Expr, report: &mut Report) -> Option<Rule> {
    if matches!(value, Expr::Lit(_) | Expr::Unary(_)) {
        report.blame(value, "write the range with both ends: `range = 0..=9`");
        return None;
    }
    if text::mentions(&value, "self") {
        report.blame(
            value,
            "write a signed bound as a range: `range = 0..=self.field`",
        );
        return None;
    }
    Some(Rule::RangeValue(value))
}

/// A range is about numbers; text and truth values have none.
fn has_numbers(key: &Ident, ty: &Type, report: &mut Report) -> Option<()> {
    let instead = match text::of(ty).as_str() {
        "String" => "`max_len = 16`, `one_of(..)` or `check = path`",
        "bool" => "`any`",
        _ => return Some(()),
    };
    report.blame(
        key,
        format!(
            "a range is about numbers, not `{}`: write {instead}",
            text::of(ty)
        ),
    );
    None
}

/// Whether the compiler can evaluate an end without calling the user's code: literals, their negatives, constants of
/// `Duration` and its constructors.
fn is_literal(end: &Expr) -> bool {
    match end {
        Expr::Lit(_) => true,
        Expr::Group(group) => is_literal(&group.expr),
        Expr::Paren(paren) => is_literal(&paren.expr),
        Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)) && is_literal(&unary.expr),
        Expr::Call(call) => is_of_duration(&call.func) && call.args.iter().all(is_literal),
        path => is_of_duration(path),
    }
}

fn is_of_duration(path: &Expr) -> bool {
    let Expr::Path(path) = path else { return false };
    let mut segments = path.path.segments.iter().rev();
    segments
        .nth(1)
        .is_some_and(|owner| owner.ident == "Duration")
}
