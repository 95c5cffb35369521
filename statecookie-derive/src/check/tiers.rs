//! The rules of tiers: contiguous from 0, one policy each, never outliving the tier above.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;

use super::fields::Checked;
use super::literal;
use crate::entry::{self, Entry, Given, Grammar, Keys};
use crate::plan::{Access, Policy};
use crate::raw::Raw;
use crate::report::Report;

const GRAMMAR: Grammar = Grammar {
    attribute: "`tier(n, ..)`",
    known: &["or_default", "renew_after", "valid_for"],
    later: &["at_most_every", "guarded"],
};

/// One more than the highest number of a tier.
const MAX_TIERS: u8 = 8;

/// One `tier(n, ..)` of the struct, each part as far as it could be read.
pub struct RawPolicy {
    number: u8,
    typed: TokenStream,
    valid_for: Option<(Duration, Expr)>,
    renew_after: Option<(Duration, Expr)>,
    or_default: Option<syn::Ident>,
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
    let typed = first.to_token_stream();
    Some(RawPolicy {
        number: number?,
        typed,
        valid_for,
        renew_after,
        or_default,
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

/// Puts policies and fields together.
pub fn check(
    raw: &Raw,
    fields: &[Checked<'_>],
    policies: Vec<RawPolicy>,
    session_max: Duration,
    report: &mut Report,
) -> Option<Vec<Policy>> {
    has_a_field(raw, report);
    are_contiguous(fields, report);
    let mut sorted: [Option<RawPolicy>; MAX_TIERS as usize] = Default::default();
    for policy in policies {
        place(&mut sorted, policy, report);
    }
    have_policies(fields, &sorted, raw, report);
    have_fields(fields, &sorted, report);
    do_not_outlive_the_tier_above(&sorted, report);
    end_with_the_session(&sorted, session_max, report);
    default_only_below(&sorted, fields, report);
    let planned: Vec<Policy> = sorted
        .iter()
        .map_while(|policy| plan(policy.as_ref()?))
        .collect();
    (!planned.is_empty()).then_some(planned)
}

fn plan(policy: &RawPolicy) -> Option<Policy> {
    let (valid_for, _) = policy.valid_for.as_ref()?;
    let renew_after = policy
        .renew_after
        .as_ref()
        .map_or(*valid_for / 2, |(after, _)| *after);
    let or_default = policy.or_default.is_some();
    Some(Policy {
        valid_for: *valid_for,
        renew_after,
        or_default,
    })
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

fn place(sorted: &mut [Option<RawPolicy>], policy: RawPolicy, report: &mut Report) {
    match sorted.get_mut(usize::from(policy.number)) {
        Some(place @ None) => *place = Some(policy),
        _ => report.blame(
            &policy.typed,
            "this tier has a policy already; keep one of them",
        ),
    }
}

/// A state without fields has no tier.
fn has_a_field(raw: &Raw, report: &mut Report) {
    if raw.fields.is_empty() && report.is_empty() {
        report.blame(&raw.ident, "a state needs at least one field with a tier");
    }
}

/// No number is left out below the highest tier.
fn are_contiguous(fields: &[Checked<'_>], report: &mut Report) {
    // A field whose tier could not be read may be the one that fills the hole.
    if fields.iter().any(|field| field.tier.is_none()) {
        return;
    }
    let used = |number: u8| fields.iter().any(|field| field.number() == Some(number));
    for (field, number) in fields
        .iter()
        .filter_map(|field| Some((field, field.number()?)))
    {
        let is_first = fields
            .iter()
            .find(|other| other.number() == Some(number))
            .is_some_and(|first| std::ptr::eq(first, field));
        if is_first && number > 0 && !used(number - 1) {
            let below = number - 1;
            let message = format!(
                "no field is in tier {below}: tiers are contiguous from 0, so number this tier {below}"
            );
            report.blame(field.tier_tokens(), message);
        }
    }
}

/// Every tier with a field has a policy.
fn have_policies(
    fields: &[Checked<'_>],
    policies: &[Option<RawPolicy>],
    raw: &Raw,
    report: &mut Report,
) {
    // A `tier(..)` that could not be read is blamed already.
    let readable = policies.iter().flatten().count();
    let typed = raw
        .options
        .iter()
        .filter(|entry| matches!(entry, Entry::Keyed(key, _) if key == "tier"));
    if readable < typed.count() {
        return;
    }
    let mut missing: Vec<u8> = Vec::new();
    for field in fields {
        let Some(number) = field.number() else {
            continue;
        };
        let has_policy = policies
            .get(usize::from(number))
            .is_some_and(Option::is_some);
        if !has_policy && !missing.contains(&number) {
            missing.push(number);
            let message = format!(
                "tier {number} has no policy: add `tier({number}, valid_for = \"10m\")` to `#[statecookie(..)]`"
            );
            report.blame(field.tier_tokens(), message);
        }
    }
}

/// Every policy has a field.
fn have_fields(fields: &[Checked<'_>], policies: &[Option<RawPolicy>], report: &mut Report) {
    // Without a field, and in a hole of the numbering, the policy is not the mistake.
    if fields.is_empty() || fields.iter().any(|field| field.tier.is_none()) {
        return;
    }
    let highest = fields.iter().filter_map(Checked::number).max();
    for policy in policies
        .iter()
        .flatten()
        .filter(|policy| Some(policy.number) > highest)
    {
        let number = policy.number;
        report.blame(
            &policy.typed,
            format!("no field is in tier {number}: remove its policy"),
        );
    }
}

/// A child never outlives its parent.
fn do_not_outlive_the_tier_above(policies: &[Option<RawPolicy>], report: &mut Report) {
    let valid = |policy: &Option<RawPolicy>| policy.as_ref()?.valid_for.clone();
    for (number, pair) in policies.windows(2).enumerate() {
        let [lower, higher] = pair else { continue };
        let (Some((lower, value)), Some((higher, _))) = (valid(lower), valid(higher)) else {
            continue;
        };
        if lower > higher {
            let above = number + 1;
            let limit = humantime::format_duration(higher);
            report.blame(value, format!("tier {number} outlives tier {above}, which is valid for {limit}: write at most that"));
        }
    }
}

/// The root is not valid beyond the end of its session.
fn end_with_the_session(policies: &[Option<RawPolicy>], max: Duration, report: &mut Report) {
    let Some(root) = policies.iter().flatten().next_back() else {
        return;
    };
    let Some((valid_for, value)) = &root.valid_for else {
        return;
    };
    if *valid_for > max {
        let max = humantime::format_duration(max);
        report.blame(value, format!("the root is valid beyond the end of the session after {max}: write less, or raise `session_max`"));
    }
}

/// `or_default` stands on the lowest tiers only, contiguous from 0, never on the root, and all its fields are mutable.
fn default_only_below(policies: &[Option<RawPolicy>], fields: &[Checked<'_>], report: &mut Report) {
    let root = fields.iter().filter_map(Checked::number).max();
    let mut below_may_default = true;
    for (number, policy) in (0_u8..).zip(policies) {
        let Some(policy) = policy else { continue };
        let Some(word) = &policy.or_default else {
            below_may_default = false;
            continue;
        };
        if Some(number) == root {
            report.blame(word, "the root cannot be missing: remove `or_default`");
        } else if !below_may_default {
            report.blame(
                word,
                format!("`or_default` on tier {number} needs it on every tier below as well"),
            );
        }
        all_are_mutable(word, number, fields, report);
    }
}

fn all_are_mutable(word: &syn::Ident, number: u8, fields: &[Checked<'_>], report: &mut Report) {
    let resettable = |field: &&Checked<'_>| {
        field.number() == Some(number)
            && matches!(field.access, Some(Access::Immutable | Access::Private))
    };
    if let Some(field) = fields.iter().find(resettable) {
        let name = &field.raw.ident;
        report.blame(word, format!("`{name}` in this tier is not mutable, and the client could reset it by leaving the cookie away: remove `or_default` or move the field"));
    }
}
