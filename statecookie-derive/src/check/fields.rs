//! The rules of fields: one tier, one class, and a bound where the client may change the value.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, Ident};

use super::{approx, bound, policy};
use crate::entry::{self, Entry, Given, Grammar};
use crate::plan::{Access, Approx, Field};
use crate::raw::{Raw, RawField};
use crate::report::Report;
use crate::text;

const GRAMMAR: Grammar = Grammar {
    attribute: "`#[state(..)]`",
    known: &["approx", "immutable", "mutable", "private", "tier"],
    later: &[],
};

/// A field as far as it is sound.
pub struct Checked<'r> {
    /// What was typed.
    pub raw: &'r RawField,
    /// The tier's number and the tokens that say so.
    pub tier: Option<(u8, TokenStream)>,
    /// The class, and the bound of a mutable one.
    pub access: Option<Access>,
    /// Whether the client supplies the value; unknown where that could not be read.
    pub derived: Option<bool>,
    /// What `approx` says, if it is there and sound.
    pub approx: Option<Approx>,
}

/// The class alone, before any bound is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Immutable,
    Mutable,
    Private,
}

/// What a signed bound may know of another field.
pub struct Peer<'r> {
    /// Its name.
    pub ident: &'r Ident,
    /// Its tier, unless that is blamed already.
    pub tier: Option<u8>,
    /// Its class, unless that is blamed already.
    pub class: Option<Class>,
}

/// Checks every field.
pub fn check<'r>(raw: &'r Raw, report: &mut Report) -> Vec<Checked<'r>> {
    let heads: Vec<_> = raw.fields.iter().map(|field| head(field, report)).collect();
    let peers: Vec<_> = heads.iter().map(Head::peer).collect();
    heads
        .iter()
        .map(|head| finish(head, &peers, report))
        .collect()
}

impl Checked<'_> {
    /// The tier's number.
    pub fn number(&self) -> Option<u8> {
        self.tier.as_ref().map(|(number, _)| *number)
    }

    /// What to blame for the tier.
    pub fn tier_tokens(&self) -> TokenStream {
        self.tier.as_ref().map_or_else(
            || self.raw.ident.to_token_stream(),
            |(_, typed)| typed.clone(),
        )
    }

    /// The field of the plan, if nothing is missing; `place` says where a tier stands among those with a cookie.
    pub fn planned(self, place: impl Fn(u8) -> u8) -> Option<Field> {
        let RawField { ident, vis, ty, .. } = self.raw;
        let (tier, _) = self.tier?;
        Some(Field {
            ident: ident.clone(),
            vis: vis.clone(),
            ty: ty.clone(),
            tier: place(tier),
            access: self.access?,
            approx: self.approx,
        })
    }
}

/// Tier and class of a field, and what its `mutable` was given.
struct Head<'r> {
    raw: &'r RawField,
    tier: Option<(u8, TokenStream)>,
    class: Option<Class>,
    bound: Option<(Ident, Given)>,
    approx: Option<(Ident, Given)>,
}

impl<'r> Head<'r> {
    fn peer(&self) -> Peer<'r> {
        let tier = self.tier.as_ref().map(|(number, _)| *number);
        Peer {
            ident: &self.raw.ident,
            tier,
            class: self.class,
        }
    }
}

/// What stands on a field, by what it speaks of.
#[derive(Default)]
struct Words<'r> {
    tiers: Vec<(&'r Ident, &'r Given)>,
    classes: Vec<(&'r Ident, &'r Given)>,
    approximations: Vec<(&'r Ident, &'r Given)>,
    is_blamed: bool,
}

impl<'r> Words<'r> {
    fn admit(&mut self, entry: &'r Entry, report: &mut Report) {
        match entry {
            Entry::Keyed(key, given) if key == "tier" => self.tiers.push((key, given)),
            Entry::Keyed(key, given) if class_of(key).is_some() => self.classes.push((key, given)),
            Entry::Keyed(key, given) if key == "approx" => self.approximations.push((key, given)),
            Entry::Keyed(key, _) if key == "derived" => {
                self.is_blamed = true;
                let message =
                    "a derived value needs a bound: write `mutable(range = 0..=9, derived)`";
                report.blame(key, message);
            }
            Entry::Keyed(key, _) => {
                self.is_blamed = true;
                report.blame(key, GRAMMAR.unknown(&key.to_string()));
            }
            Entry::Bare(value) => {
                self.is_blamed = true;
                report.blame(
                    value,
                    "write `tier = 0` and a class: `#[state(tier = 0, immutable)]`",
                );
            }
        }
    }
}

fn head<'r>(raw: &'r RawField, report: &mut Report) -> Head<'r> {
    let mut words = Words::default();
    raw.entries
        .iter()
        .for_each(|entry| words.admit(entry, report));
    // A word that is not known may have been meant for the tier.
    let tier = match words.tiers.is_empty() && words.is_blamed {
        true => None,
        false => one_tier(raw, &words.tiers, report),
    };
    let (class, bound) = one_class(&words.classes, report);
    Head {
        raw,
        tier,
        class,
        bound,
        approx: at_most_one(&words.approximations, report),
    }
}

fn at_most_one(typed: &[(&Ident, &Given)], report: &mut Report) -> Option<(Ident, Given)> {
    let (first, others) = typed.split_first()?;
    for (key, _) in others {
        report.blame(key, two_classes(key, key));
    }
    Some((first.0.clone(), first.1.clone()))
}

/// Every field is in exactly one tier.
fn one_tier(
    raw: &RawField,
    typed: &[(&Ident, &Given)],
    report: &mut Report,
) -> Option<(u8, TokenStream)> {
    match typed {
        [] => {
            report.blame(
                &raw.ident,
                "the field is in no tier: write `#[tier(0)]` above it",
            );
            None
        }
        [(key, given)] => tier(key, given, report),
        [_, others @ ..] => {
            for (key, _) in others {
                report.blame(
                    key,
                    "the field is in a tier already; keep one `#[tier(..)]`",
                );
            }
            None
        }
    }
}

fn tier(key: &Ident, given: &Given, report: &mut Report) -> Option<(u8, TokenStream)> {
    let value: Expr = match given {
        Given::Value(value) => value.clone(),
        Given::List(list) => match entry::expressions(list.clone(), report).as_slice() {
            [value] => value.clone(),
            [] => return no_number(key, report),
            [_, second, ..] => {
                report.blame(
                    second,
                    "a field is in one tier: write just its number, `#[tier(0)]`",
                );
                return None;
            }
        },
        Given::Nothing => return no_number(key, report),
    };
    policy::number(&value, report).map(|number| (number, value.to_token_stream()))
}

fn no_number<T>(key: &Ident, report: &mut Report) -> Option<T> {
    report.blame(key, "the tier's number is missing: write `#[tier(0)]`");
    None
}

/// Every field has at most one class; without one it is immutable, the safe default.
fn one_class(
    typed: &[(&Ident, &Given)],
    report: &mut Report,
) -> (Option<Class>, Option<(Ident, Given)>) {
    match typed {
        [] => (Some(Class::Immutable), None),
        [(key, given)] => {
            let class = class_of(key);
            if class != Some(Class::Mutable) && !matches!(given, Given::Nothing) {
                report.blame(key, no_arguments(key, given));
            }
            (class, Some(((*key).clone(), (*given).clone())))
        }
        [(first, _), others @ ..] => {
            for (key, _) in others {
                report.blame(key, two_classes(first, key));
            }
            (None, None)
        }
    }
}

fn no_arguments(key: &Ident, given: &Given) -> String {
    if matches!(given, Given::List(list) if text::mentions(list, "derived")) {
        return "only what the client may set can be derived: write `#[mutable(range = 0..=9, derived)]`".to_owned();
    }
    format!("`{key}` takes no arguments: write `#[{key}]`")
}

fn two_classes(first: &Ident, second: &Ident) -> String {
    if first == second {
        return format!("`{second}` is written twice; keep one of them");
    }
    let mut words = [first.to_string(), second.to_string()];
    words.sort();
    if words == ["mutable", "private"] {
        return "a client cannot change what it cannot read: keep `private` or `mutable`"
            .to_owned();
    }
    format!("a field has one class: keep `{first}` or `{second}`")
}

fn class_of(word: &Ident) -> Option<Class> {
    [
        ("immutable", Class::Immutable),
        ("mutable", Class::Mutable),
        ("private", Class::Private),
    ]
    .into_iter()
    .find_map(|(known, class)| (word == known).then_some(class))
}

fn finish<'r>(head: &Head<'r>, peers: &[Peer<'_>], report: &mut Report) -> Checked<'r> {
    let tier = head.tier.clone();
    let (access, derived) = access(head, peers, report);
    let approx = match (&head.approx, derived) {
        (Some((key, _)), Some(true)) => {
            let message =
                "a derived value is in no cookie, so there is nothing to save: remove `approx`";
            report.blame(key, message);
            None
        }
        (Some((key, given)), _) => approx::check(key, given, &head.raw.ty, report),
        (None, _) => None,
    };
    Checked {
        raw: head.raw,
        tier,
        access,
        derived,
        approx,
    }
}

/// What the client may do with the field, if that is sound, and whether the client supplies it.
fn access(
    head: &Head<'_>,
    peers: &[Peer<'_>],
    report: &mut Report,
) -> (Option<Access>, Option<bool>) {
    let (key, given) = match (head.class, &head.bound) {
        (Some(Class::Immutable), _) => return (Some(Access::Immutable), Some(false)),
        (Some(Class::Private), _) => return (Some(Access::Private), Some(false)),
        (Some(Class::Mutable), Some((key, given))) => (key, given),
        (Some(Class::Mutable), None) | (None, _) => return (None, None),
    };
    let scope = bound::Scope::State {
        field: head.raw,
        tier: head.tier.as_ref().map(|(number, _)| *number),
        peers,
    };
    let said = bound::check(key, given, &scope, report);
    let access = said.bound.map(Box::new).map(|bound| match said.derived {
        Some(true) => Access::Derived(bound),
        _ => Access::Mutable(bound),
    });
    (access, said.derived)
}
