//! What was checked: the types cannot hold nonsense, so that `emit` need not ask.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::{Expr, Generics, Ident, Path, Type, Visibility};

/// A checked struct.
pub struct Plan {
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// Its generics.
    pub generics: Generics,
    /// What `#[statecookie(..)]` says of the whole.
    pub options: Options,
    /// The tiers that have a cookie, the lowest first; at least one.
    pub tiers: Vec<Policy>,
    /// The fields in the order of declaration.
    pub fields: Vec<Field>,
}

/// What holds for the whole struct.
pub struct Options {
    /// The path of the `statecookie` crate.
    pub root: Path,
    /// The name in the schema's description.
    pub name: String,
    /// The schema's version.
    pub version: u32,
    /// How long a session may live.
    pub session_max: Duration,
    /// What private values are padded to a multiple of.
    pub pad: usize,
    /// The longest cookie.
    pub max_cookie_len: Option<Expr>,
    /// The check across fields.
    pub validate: Option<Expr>,
}

/// One tier.
#[derive(Clone, Copy)]
pub struct Policy {
    /// Its number as declared, for messages.
    pub declared: u8,
    /// How long its cookie is valid.
    pub valid_for: Duration,
    /// When it is renewed.
    pub renew_after: Duration,
    /// Whether its fields may take their defaults.
    pub or_default: bool,
    /// The least time between two updates that it alone causes.
    pub at_most_every: Option<Duration>,
    /// What to do where the high-water store is away, if it is guarded.
    pub guarded: Option<WhenAway>,
}

/// What a guarded tier does where the high-water store is away.
#[derive(Clone, Copy)]
pub enum WhenAway {
    /// It goes on as if nothing guarded it.
    Accept,
    /// It is neither issued nor accepted.
    Refuse,
}

/// One field.
pub struct Field {
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// Its type.
    pub ty: Type,
    /// The place of its tier in [`Plan::tiers`]; in a tier that is wholly derived, that of the next one above.
    pub tier: u8,
    /// What the client may do with it.
    pub access: Access,
    /// Which changes are worth no cookie.
    pub approx: Option<Approx>,
}

/// Changes of a number that are too small to be sent.
pub struct Approx {
    /// How far the value may be from what was issued last.
    pub tolerance: Expr,
    /// Where the numbers begin again from zero.
    pub wrap: Option<Expr>,
    /// Both, as typed.
    pub text: String,
}

/// What the client may do with a field.
pub enum Access {
    /// Read it.
    Immutable,
    /// Change it within a bound.
    Mutable(Box<Bound>),
    /// Supply it within a bound: it is in no cookie.
    Derived(Box<Bound>),
    /// Nothing.
    Private,
}

/// A declared bound.
pub struct Bound {
    /// `max_len`, and each `each(max_len)` in it.
    pub lengths: Vec<Expr>,
    /// What else must hold.
    pub rule: Rule,
}

/// What must hold beside the lengths.
pub enum Rule {
    /// `any`, or lengths alone.
    Any,
    /// `check = path`.
    Check(Expr),
    /// `one_of(..)`.
    OneOf(Vec<Expr>),
    /// Two ends whose value is fixed.
    Range(Ends),
    /// A constant of a range type.
    RangeValue(Expr),
    /// Two ends that name signed fields.
    Signed(SignedRange),
}

/// The ends of a range.
pub struct Ends {
    /// The least value.
    pub low: Option<TokenStream>,
    /// The greatest value, or the first one outside.
    pub high: Option<TokenStream>,
    /// Whether `high` is outside.
    pub high_excluded: bool,
    /// The whole range as typed.
    pub whole: TokenStream,
    /// Whether the compiler can evaluate it on the spot.
    pub is_literal: bool,
}

/// A range around other fields of the state.
pub struct SignedRange {
    /// Its ends, in overflow-free arithmetic over the named fields.
    pub ends: Ends,
    /// The fields it names, each once.
    pub names: Vec<Ident>,
    /// The text in the schema's description.
    pub text: String,
}

impl Field {
    /// The bound, if the field is mutable.
    pub fn bound(&self) -> Option<&Bound> {
        match &self.access {
            Access::Mutable(bound) | Access::Derived(bound) => Some(bound),
            Access::Immutable | Access::Private => None,
        }
    }

    /// Whether the client supplies it, and no cookie has it.
    pub fn is_derived(&self) -> bool {
        matches!(self.access, Access::Derived(_))
    }
}

impl Bound {
    /// The fields that a signed bound names.
    pub fn names(&self) -> &[Ident] {
        match &self.rule {
            Rule::Signed(range) => &range.names,
            _ => &[],
        }
    }
}

impl Plan {
    /// The number of the root.
    pub fn root(&self) -> usize {
        self.tiers.len() - 1
    }

    /// The fields of one tier in the order of declaration.
    pub fn fields_of(&self, tier: usize) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(move |field| usize::from(field.tier) == tier)
    }

    /// The fields in one tier's cookie in the order of declaration.
    pub fn sent_in(&self, tier: usize) -> impl Iterator<Item = &Field> {
        self.fields_of(tier).filter(|field| !field.is_derived())
    }

    /// The derived fields as a bundle has them: tiers from the root down, in each in the order of declaration.
    pub fn derived(&self) -> impl Iterator<Item = &Field> {
        let tiers = (0..self.tiers.len()).rev();
        tiers.flat_map(|tier| self.fields_of(tier).filter(|field| field.is_derived()))
    }

    /// Whether the field takes its default where its tier is missing.
    pub fn may_default(&self, field: &Field) -> bool {
        !field.is_derived()
            && self
                .tiers
                .get(usize::from(field.tier))
                .is_some_and(|policy| policy.or_default)
    }

    /// The approximated fields in the order of declaration.
    pub fn approximated(&self) -> impl Iterator<Item = (&Field, &Approx)> {
        self.fields
            .iter()
            .filter_map(|field| Some((field, field.approx.as_ref()?)))
    }

    /// The tiers whose values have a say in whether lower ones are accepted: `validate` may look at all of them, and a
    /// signed bound looks at the field that it names.
    pub fn leaned_on(&self) -> u8 {
        if self.options.validate.is_some() {
            return u8::MAX;
        }
        // What is derived is held against the cookies that the client has.
        let sent = self.fields.iter().filter(|field| !field.is_derived());
        let bounded = sent.filter_map(|field| Some((field, field.bound()?)));
        let named = bounded.flat_map(|(field, bound)| {
            let named = bound.names().iter().filter_map(|name| self.field(name));
            named.filter(|named| named.tier > field.tier)
        });
        named.fold(0, |tiers, named| tiers | 1 << named.tier)
    }

    /// The field of that name.
    pub fn field(&self, name: &Ident) -> Option<&Field> {
        self.fields.iter().find(|field| field.ident == *name)
    }
}
