//! Literals where only literals make sense: numbers, texts and durations.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use syn::{Expr, ExprLit, Lit, LitStr};

use crate::report::Report;

/// A number, written out.
pub fn number<N: FromStr<Err: Display>>(
    value: &Expr,
    example: &str,
    report: &mut Report,
) -> Option<N> {
    match plain(value) {
        Some(Lit::Int(number)) => match number.base10_parse() {
            Ok(number) => Some(number),
            Err(why) => {
                report.blame(value, format!("{why}; write `{example}`"));
                None
            }
        },
        _ => {
            report.blame(value, format!("expected a number: write `{example}`"));
            None
        }
    }
}

/// A string.
pub fn text(value: &Expr, example: &str, report: &mut Report) -> Option<LitStr> {
    match plain(value) {
        Some(Lit::Str(text)) => Some(text.clone()),
        _ => {
            report.blame(value, format!("expected a string: write `{example}`"));
            None
        }
    }
}

/// A duration such as `"10m"`.
pub fn duration(value: &Expr, example: &str, report: &mut Report) -> Option<Duration> {
    let text = text(value, example, report)?;
    match humantime::parse_duration(&text.value()) {
        Ok(duration) if !duration.is_zero() => Some(duration),
        Ok(_) => {
            report.blame(value, format!("the duration is zero: write `{example}`"));
            None
        }
        Err(why) => {
            report.blame(value, format!("not a duration ({why}): write `{example}`"));
            None
        }
    }
}

/// A duration of whole seconds, as times on the wire are.
pub fn whole_seconds(value: &Expr, example: &str, report: &mut Report) -> Option<Duration> {
    let duration = duration(value, example, report)?;
    if duration.subsec_nanos() != 0 {
        report.blame(
            value,
            format!("times travel in whole seconds: write `{example}`"),
        );
        return None;
    }
    Some(duration)
}

fn plain(value: &Expr) -> Option<&Lit> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Group(group) => plain(&group.expr),
        _ => None,
    }
}
