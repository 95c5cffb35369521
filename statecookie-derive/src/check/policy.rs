//! One `tier(n, ..)` of a struct: its number, how long its cookie is valid, when it is renewed.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;

use super::literal;
use crate::entry::{self, Entry, Given, Grammar, Keys};
use crate::plan::{Policy, WhenAway};
use crate::report::Report;

const GRAMMAR: Grammar = Grammar {
    attribute: "`tier(n, ..)`",
    known: &[
        "at_most_every",
        "guarded",
        "or_default",
        "renew_after",
        "valid_for",
    ],
    later: &[],
};

/// One more than the highest number of a tier.
pub const MAX_TIERS: u8 = 8;

/// One `tier(n, ..)` of the struct, each part as far as it could be read.
pub struct RawPolicy {
    /// The tier's number.
    pub number: u8,
    /// The number as typed.
    pub typed: TokenStream,
    /// How long its cookie is valid, and what says so.
    pub valid_for: Option<(Duration, Expr)>,
    /// When it is renewed, and what says so.
    pub renew_after: Option<(Duration, Expr)>,
    /// The word, if it was written.
    pub or_default: Option<syn::Ident>,
    /// The least time between two updates that this tier alone causes.
    pub at_most_every: Option<Duration>,
    /// What to do where the high-water store is away, if the tier is guarded.
    pub guarded: Option<WhenAway>,
}

/// Reads one `tier(n, ..)`.
pub fn read(entry: Entry, report: &mut Report) -> Option<RawPolicy> {
    let Entry::Keyed(key, given) = entry else {
        return None;
    };
    let Given::List(list) = given else {
        report.blame(
            key,
            "write the tier's number and policy: `tier(0, valid_for = \"30s\")`",
        );
        return None;
    };
    let mut entries = entry::in_list(list, report).into_iter();
    let Some(Entry::Bare(first)) = entries.next() else {
        report.blame(
            key,
            "the tier's number comes first: `tier(0, valid_for = \"30s\")`",
        );
        return None;
    };
    let number = number(&first, report);
    let mut keys = Keys::read(entries.collect(), &GRAMMAR, report);
    let valid_for = valid_for(&mut keys, &first, report);
    let renew_after = renew_after(&mut keys, valid_for.as_ref(), report);
    let or_default = keys.take_flag("or_default", report);
    let guarded = guarded(&mut keys, or_default.as_ref(), report);
    let renewed = renewed(valid_for.as_ref(), renew_after.as_ref());
    let at_most_every = at_most_every(&mut keys, renewed, report);
    let typed = first.to_token_stream();
    Some(RawPolicy {
        number: number?,
        typed,
        valid_for,
        renew_after,
        or_default,
        at_most_every,
        guarded,
    })
}

/// The number of a tier, 0 to 7.
pub fn number(value: &Expr, report: &mut Report) -> Option<u8> {
    let number = literal::number::<u64>(value, "tier(0)", report)?;
    let small = u8::try_from(number)
        .ok()
        .filter(|number| *number < MAX_TIERS);
    if small.is_none() {
        report.blame(value, "tiers are numbered from 0 to 7");
    }
    small
}

/// The policy, if nothing is missing.
pub fn planned(policy: &RawPolicy) -> Option<Policy> {
    let (valid_for, _) = policy.valid_for.as_ref()?;
    Some(Policy {
        declared: policy.number,
        valid_for: *valid_for,
        renew_after: renewed(policy.valid_for.as_ref(), policy.renew_after.as_ref())?,
        or_default: policy.or_default.is_some(),
        at_most_every: policy.at_most_every,
        guarded: policy.guarded,
    })
}

/// When a tier is renewed: half-way, unless it says otherwise.
fn renewed(
    valid_for: Option<&(Duration, Expr)>,
    renew_after: Option<&(Duration, Expr)>,
) -> Option<Duration> {
    let said = renew_after.map(|(after, _)| *after);
    said.or_else(|| valid_for.map(|(valid_for, _)| *valid_for / 2))
}

/// `valid_for` is required.
fn valid_for(keys: &mut Keys, number: &Expr, report: &mut Report) -> Option<(Duration, Expr)> {
    const EXAMPLE: &str = "valid_for = \"30s\"";
    if let Some((key, given)) = keys.take("valid_for") {
        let Given::Value(value) = given else {
            report.blame(
                key,
                format!("`valid_for` needs a duration: write `{EXAMPLE}`"),
            );
            return None;
        };
        return literal::whole_seconds(&value, EXAMPLE, report).map(|time| (time, value));
    }
    report.blame(
        number,
        format!("the tier does not say how long it is valid: add `{EXAMPLE}`"),
    );
    None
}

/// `renew_after` is a share of `valid_for` or a duration below it.
fn renew_after(
    keys: &mut Keys,
    valid_for: Option<&(Duration, Expr)>,
    report: &mut Report,
) -> Option<(Duration, Expr)> {
    const EXAMPLE: &str = "renew_after = \"50%\"` or `renew_after = \"5m\"";
    let value = keys.take_value("renew_after", "\"50%\"", report)?;
    let text = literal::text(&value, EXAMPLE, report)?.value();
    let valid_for = valid_for.map(|(time, _)| *time);
    let after = match text.strip_suffix('%') {
        Some(share) => percent(share, valid_for, &value, report)?,
        None => literal::duration(&value, EXAMPLE, report)?,
    };
    if valid_for.is_some_and(|valid_for| after >= valid_for) {
        report.blame(
            &value,
            "`renew_after` must be below `valid_for`, or the cookie expires first",
        );
        return None;
    }
    Some((after, value))
}

/// `at_most_every` is a duration below `renew_after`: a renewal sends everything anyway.
fn at_most_every(
    keys: &mut Keys,
    renewed: Option<Duration>,
    report: &mut Report,
) -> Option<Duration> {
    const EXAMPLE: &str = "at_most_every = \"100ms\"";
    let value = keys.take_value("at_most_every", "\"100ms\"", report)?;
    let every = literal::duration(&value, EXAMPLE, report)?;
    if every.subsec_nanos() % 1_000_000 != 0 {
        report.blame(
            &value,
            format!("the clock counts milliseconds: write `{EXAMPLE}`"),
        );
        return None;
    }
    if let Some(renewed) = renewed.filter(|renewed| every >= *renewed) {
        let renewed = humantime::format_duration(renewed);
        report.blame(
            &value,
            format!("the tier is renewed after {renewed} anyway: write less than that, or leave `at_most_every` out"),
        );
        return None;
    }
    Some(every)
}

/// `guarded` stands alone, or says what to do where the store is away. A tier that may be left away cannot be guarded: leaving
/// it away would be the rollback.
fn guarded(
    keys: &mut Keys,
    or_default: Option<&syn::Ident>,
    report: &mut Report,
) -> Option<WhenAway> {
    let (key, given) = keys.take("guarded")?;
    if or_default.is_some() {
        report.blame(
            &key,
            "a client may leave an `or_default` tier away, which takes it back: remove one of `guarded` and `or_default`",
        );
        return None;
    }
    match given {
        Given::Nothing => Some(WhenAway::Refuse),
        Given::Value(value) => when_away(&value, report),
        Given::List(_) => {
            report.blame(key, CHOICES);
            None
        }
    }
}

const CHOICES: &str = "what to do where the store is away is `guarded = \"refuse\"`, which `guarded` alone means too, or `guarded = \"accept\"`";

fn when_away(value: &Expr, report: &mut Report) -> Option<WhenAway> {
    let text = literal::text(value, "guarded = \"accept\"", report)?;
    match text.value().as_str() {
        "refuse" => Some(WhenAway::Refuse),
        "accept" => Some(WhenAway::Accept),
        _ => {
            report.blame(value, CHOICES);
            None
        }
    }
}

fn percent(
    share: &str,
    valid_for: Option<Duration>,
    value: &Expr,
    report: &mut Report,
) -> Option<Duration> {
    match share.trim().parse::<u32>() {
        Ok(share @ 1..=99) => Some(valid_for? * share / 100),
        _ => {
            report.blame(value, "a share lies between \"1%\" and \"99%\"");
            None
        }
    }
}
