//! The rules of tiers: contiguous from 0, one policy for each that has a cookie, never outliving the tier above.

use std::time::Duration;

use super::fields::Checked;
use super::policy::{self, MAX_TIERS, RawPolicy};
use crate::entry::Entry;
use crate::plan::{Access, Policy};
use crate::raw::Raw;
use crate::report::Report;

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
    the_root_is_sent(fields, report);
    do_not_outlive_the_tier_above(&sorted, report);
    end_with_the_session(&sorted, session_max, report);
    default_only_below(&sorted, fields, report);
    let planned: Vec<Policy> = sorted
        .iter()
        .flatten()
        .filter_map(policy::planned)
        .collect();
    (!planned.is_empty()).then_some(planned)
}

/// The place of a tier among those with a cookie: a wholly derived one stands with the next one above.
pub fn place_of(number: u8, tiers: &[Policy]) -> u8 {
    let below = tiers.iter().filter(|policy| policy.declared < number);
    below.count() as u8
}

/// Whether a field of the tier is known to be in its cookie.
fn is_sent(number: u8, fields: &[Checked<'_>]) -> bool {
    let mut own = fields.iter().filter(|field| field.number() == Some(number));
    own.any(|field| field.derived == Some(false))
}

/// Whether every field of the tier is known to be in no cookie.
fn is_wholly_derived(number: u8, fields: &[Checked<'_>]) -> bool {
    let mut own = fields.iter().filter(|field| field.number() == Some(number));
    own.clone().next().is_some() && own.all(|field| field.derived == Some(true))
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

/// Every tier with a field in its cookie has a policy.
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
        if !has_policy && is_sent(number, fields) && !missing.contains(&number) {
            missing.push(number);
            let message = format!(
                "tier {number} has no policy: add `tier({number}, valid_for = \"10m\")` to `#[statecookie(..)]`"
            );
            report.blame(field.tier_tokens(), message);
        }
    }
}

/// Every policy has a field, and one that is in a cookie.
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
    for policy in policies
        .iter()
        .flatten()
        .filter(|policy| is_wholly_derived(policy.number, fields))
    {
        let number = policy.number;
        report.blame(
            &policy.typed,
            format!(
                "every field in tier {number} is derived, so it has no cookie: remove its policy"
            ),
        );
    }
}

/// What a client presents begins with the root's cookie.
fn the_root_is_sent(fields: &[Checked<'_>], report: &mut Report) {
    let root = fields.iter().filter_map(Checked::number).max();
    let Some(root) = root.filter(|root| is_wholly_derived(*root, fields)) else {
        return;
    };
    if let Some(field) = fields.iter().find(|field| field.number() == Some(root)) {
        let message = "every field in the highest tier is derived, and a session needs a root: \
             move one there that is not, or this one into a lower tier";
        report.blame(field.tier_tokens(), message);
    }
}

/// A child never outlives its parent.
fn do_not_outlive_the_tier_above(policies: &[Option<RawPolicy>], report: &mut Report) {
    // A tier that is wholly derived has none.
    let policies: Vec<&RawPolicy> = policies.iter().flatten().collect();
    for pair in policies.windows(2) {
        let [lower, higher] = pair else { continue };
        let (Some((valid, value)), Some((limit, _))) = (&lower.valid_for, &higher.valid_for) else {
            continue;
        };
        if valid > limit {
            let (number, above) = (lower.number, higher.number);
            let limit = humantime::format_duration(*limit);
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
