//! What the user typed: the struct and its attributes with their spans, nothing judged.

use syn::{Attribute, Data, DeriveInput, Field, Fields, Generics, Ident, Meta, Type, Visibility};

use crate::entry::{self, Entry, Given};
use crate::report::Report;
use crate::text;

/// The attributes that may stand on a field without `state(..)` around them.
const BARE_WORDS: [&str; 5] = ["tier", "immutable", "private", "mutable", "approx"];

/// A struct as typed.
pub struct Raw {
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// Its generics.
    pub generics: Generics,
    /// What `#[statecookie(..)]` lists.
    pub options: Vec<Entry>,
    /// Its fields.
    pub fields: Vec<RawField>,
}

/// A field as typed.
pub struct RawField {
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// Its type.
    pub ty: Type,
    /// Its attributes, each as it would stand in `#[state(..)]`.
    pub entries: Vec<Entry>,
}

impl RawField {
    /// Whether that word stands on the field, whatever it is given.
    pub fn has_word(&self, word: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry, Entry::Keyed(key, _) if key == word))
    }

    /// Whether `derived` stands somewhere in its `mutable(..)`.
    pub fn says_derived(&self) -> bool {
        self.entries.iter().any(|entry| match entry {
            Entry::Keyed(key, Given::List(list)) => {
                key == "mutable" && text::mentions(list, "derived")
            }
            _ => false,
        })
    }
}

/// Reads the input of the derive; what is not a struct with named fields has none.
pub fn read(input: &DeriveInput, report: &mut Report) -> Raw {
    Raw {
        ident: input.ident.clone(),
        vis: input.vis.clone(),
        generics: input.generics.clone(),
        options: options(&input.attrs, report),
        fields: fields(input, report),
    }
}

/// What all `#[statecookie(..)]` together list.
pub fn options(attributes: &[Attribute], report: &mut Report) -> Vec<Entry> {
    let own = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("statecookie"));
    own.flat_map(|attribute| entry::in_attribute(attribute, report))
        .collect()
}

/// The named fields with their attributes.
pub fn named<'f>(
    fields: impl IntoIterator<Item = &'f Field>,
    report: &mut Report,
) -> Vec<RawField> {
    let named = fields
        .into_iter()
        .filter_map(|field| Some((field, field.ident.clone()?)));
    named
        .map(|(field, ident)| read_field(field, ident, report))
        .collect()
}

fn fields(input: &DeriveInput, report: &mut Report) -> Vec<RawField> {
    let instead = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return named(&fields.named, report),
            Fields::Unnamed(_) => "a tuple struct",
            Fields::Unit => "a unit struct",
        },
        Data::Enum(_) => "an enum",
        Data::Union(_) => "a union",
    };
    let message = format!("a state is a struct with named fields, not {instead}");
    report.blame(&input.ident, message);
    Vec::new()
}

fn read_field(field: &Field, ident: Ident, report: &mut Report) -> RawField {
    let entries = field
        .attrs
        .iter()
        .flat_map(|attribute| field_entries(attribute, report));
    RawField {
        ident,
        vis: field.vis.clone(),
        ty: field.ty.clone(),
        entries: entries.collect(),
    }
}

/// `#[state(a, b)]` is `#[a] #[b]`.
fn field_entries(attribute: &Attribute, report: &mut Report) -> Vec<Entry> {
    let Some(word) = attribute.path().get_ident() else {
        return Vec::new();
    };
    if word == "state" {
        return entry::in_attribute(attribute, report);
    }
    if !BARE_WORDS.iter().any(|known| word == known) {
        return Vec::new();
    }
    let given = match &attribute.meta {
        Meta::Path(_) => Given::Nothing,
        Meta::List(list) => Given::List(list.tokens.clone()),
        Meta::NameValue(pair) => Given::Value(pair.value.clone()),
        #[allow(unreachable_patterns, reason = "syn may learn new forms")]
        _ => Given::Nothing,
    };
    vec![Entry::Keyed(word.clone(), given)]
}
