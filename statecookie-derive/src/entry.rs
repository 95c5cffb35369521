//! The grammar of every attribute: `value`, `key`, `key = value` and `key(..)`, separated by commas.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Meta, Token, parenthesized, token};

use crate::report::Report;

/// One item of an attribute's list.
#[derive(Clone)]
pub enum Entry {
    /// A value without a key, such as the number in `tier(2, ..)`.
    Bare(Expr),
    /// A key and what it is given.
    Keyed(Ident, Given),
}

/// What a key is given.
#[derive(Clone)]
pub enum Given {
    /// Nothing: `or_default`.
    Nothing,
    /// `= value`.
    Value(Expr),
    /// `(..)`, not looked into.
    List(TokenStream),
}

/// The keys that one attribute knows.
pub struct Grammar {
    /// The attribute, as the user knows it.
    pub attribute: &'static str,
    /// Its keys.
    pub known: &'static [&'static str],
    /// Keys that another version will know.
    pub later: &'static [&'static str],
}

/// The entries of one attribute after unknown and repeated keys were blamed.
pub struct Keys(Vec<(Ident, Given)>);

/// The entries inside an attribute, or the attribute itself as one entry without a list.
pub fn in_attribute(attribute: &Attribute, report: &mut Report) -> Vec<Entry> {
    match &attribute.meta {
        Meta::List(list) => in_list(list.tokens.clone(), report),
        other => {
            report.blame(other, "write the attribute with a list in parentheses");
            Vec::new()
        }
    }
}

/// The entries of a list; after a mistake in one of them, those before it.
pub fn in_list(tokens: TokenStream, report: &mut Report) -> Vec<Entry> {
    let mut entries = Vec::new();
    let parse = |input: ParseStream<'_>| -> syn::Result<()> {
        while !input.is_empty() {
            match parse_item(input) {
                Ok(entry) => entries.push(entry),
                Err(mistake) => {
                    report.note(mistake);
                    return input.parse::<TokenStream>().map(|_| ());
                }
            }
        }
        Ok(())
    };
    let parsed = parse.parse2(tokens);
    report.keep(parsed);
    entries
}

/// The expressions of a list.
pub fn expressions(tokens: TokenStream, report: &mut Report) -> Vec<Expr> {
    let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens);
    report
        .keep(parsed)
        .map(|list| list.into_iter().collect())
        .unwrap_or_default()
}

impl Keys {
    /// Sorts out which entries the grammar knows.
    pub fn read(entries: Vec<Entry>, grammar: &Grammar, report: &mut Report) -> Self {
        let mut keys = Self(Vec::new());
        for entry in entries {
            match entry {
                Entry::Bare(value) => report.blame(&value, grammar.without_key()),
                Entry::Keyed(key, given) => keys.admit(key, given, grammar, report),
            }
        }
        keys
    }

    /// Takes the key out, if it was written.
    pub fn take(&mut self, key: &str) -> Option<(Ident, Given)> {
        let at = self.0.iter().position(|(known, _)| known.unraw() == key)?;
        Some(self.0.swap_remove(at))
    }

    /// Takes a key that must be given a value.
    pub fn take_value(&mut self, key: &str, example: &str, report: &mut Report) -> Option<Expr> {
        match self.take(key)? {
            (_, Given::Value(value)) => Some(value),
            (key, _) => {
                report.blame(
                    &key,
                    format!("`{key}` needs a value: write `{key} = {example}`"),
                );
                None
            }
        }
    }

    /// Takes a key that must be given nothing; whether it was written.
    pub fn take_flag(&mut self, key: &str, report: &mut Report) -> Option<Ident> {
        let (key, given) = self.take(key)?;
        if !matches!(given, Given::Nothing) {
            report.blame(&key, format!("`{key}` stands alone: write just `{key}`"));
        }
        Some(key)
    }

    fn admit(&mut self, key: Ident, given: Given, grammar: &Grammar, report: &mut Report) {
        let word = key.unraw().to_string();
        if grammar.later.contains(&word.as_str()) {
            report.blame(
                &key,
                format!("`{word}` is not in this version; leave it out"),
            );
        } else if !grammar.known.contains(&word.as_str()) {
            report.blame(&key, grammar.unknown(&word));
        } else if self.0.iter().any(|(known, _)| *known == key) {
            report.blame(&key, format!("`{word}` is written twice; keep one of them"));
        } else {
            self.0.push((key, given));
        }
    }
}

impl Grammar {
    /// What to say of a key that is not known.
    pub fn unknown(&self, word: &str) -> String {
        let Self {
            attribute, known, ..
        } = self;
        match nearest(word, known) {
            Some(near) => format!("{attribute} has no `{word}`; did you mean `{near}`?"),
            None => format!("{attribute} has no `{word}`; it knows {}", list(known)),
        }
    }

    fn without_key(&self) -> String {
        format!(
            "a key is missing before this value; {} knows {}",
            self.attribute,
            list(self.known)
        )
    }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        if !input.peek(Ident::peek_any) || !is_key(&ahead) {
            return input.parse().map(Self::Bare);
        }
        let key = input.call(Ident::parse_any)?;
        let given = if input.parse::<Option<Token![=]>>()?.is_some() {
            Given::Value(without_group(input.parse()?))
        } else if input.peek(token::Paren) {
            let inside;
            parenthesized!(inside in input);
            Given::List(inside.parse()?)
        } else {
            Given::Nothing
        };
        Ok(Self::Keyed(key, given))
    }
}

fn parse_item(input: ParseStream<'_>) -> syn::Result<Entry> {
    let entry = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(entry)
}

/// What a `macro_rules` variable hands over comes in an invisible group.
fn without_group(value: Expr) -> Expr {
    match value {
        Expr::Group(group) => without_group(*group.expr),
        other => other,
    }
}

/// An identifier is a key unless an operator or a path goes on behind it.
fn is_key(ahead: ParseStream<'_>) -> bool {
    ahead.call(Ident::parse_any).is_ok()
        && (ahead.is_empty()
            || ahead.peek(Token![,])
            || ahead.peek(token::Paren)
            || (ahead.peek(Token![=]) && !ahead.peek(Token![==])))
}

/// The known word that is at most a third of its letters away.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let (away, near) = known
        .iter()
        .map(|near| (distance(word, near), *near))
        .min()?;
    (away <= word.len().max(near.len()).div_ceil(3)).then_some(near)
}

/// The words in back-ticks, with commas.
pub fn list(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Levenshtein's distance, by rows.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut corner = above;
        let mut left = above + 1;
        for (cell, column) in row.iter_mut().zip(std::iter::once(&'\0').chain(&other)) {
            if *column == '\0' {
                *cell = left;
                continue;
            }
            left = (corner + usize::from(letter != *column))
                .min(left + 1)
                .min(*cell + 1);
            corner = std::mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_letters_to_change() {
        assert_eq!(distance("range", "range"), 0);
        assert_eq!(distance("rnage", "range"), 2);
        assert_eq!(distance("max", "max_len"), 4);
        assert_eq!(distance("", "any"), 3);
    }

    #[test]
    fn finds_only_a_near_word() {
        assert_eq!(nearest("rang", &["any", "range"]), Some("range"));
        assert_eq!(nearest("maxlen", &["max_len", "each"]), Some("max_len"));
        assert_eq!(nearest("colour", &["any", "range"]), None);
    }
}
