//! Tokens as canonical text: no spaces but one between two words, whatever the user's formatting was.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;

/// The canonical text of `tokens`, as the schema's description holds it.
pub fn of(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    append(&mut text, tokens.to_token_stream());
    text
}

/// Whether the identifier `word` is anywhere in `tokens`.
pub fn mentions<W: ?Sized>(tokens: impl ToTokens, word: &W) -> bool
where
    Ident: PartialEq<W>,
{
    tokens.to_token_stream().into_iter().any(|tree| match tree {
        TokenTree::Group(group) => mentions(group.stream(), word),
        TokenTree::Ident(ident) => ident == *word,
        _ => false,
    })
}

fn append(text: &mut String, tokens: TokenStream) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = delimiters(group.delimiter());
                text.push_str(open);
                append(text, group.stream());
                text.push_str(close);
            }
            TokenTree::Punct(punct) => text.push(punct.as_char()),
            word => append_word(text, &word.to_string()),
        }
    }
}

fn append_word(text: &mut String, word: &str) {
    let is_word = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if is_word(text.chars().next_back()) && is_word(word.chars().next()) {
        text.push(' ');
    }
    text.push_str(word);
}

const fn delimiters(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_for_every_formatting() {
        let parse = |text: &str| text.parse::<TokenStream>().map(of).unwrap();
        assert_eq!(parse("Vec < [ u8 ; 4 ] >"), "Vec<[u8;4]>");
        assert_eq!(parse("&'a   dyn Item"), "&'a dyn Item");
        assert_eq!(parse("0 ..= self . max as u32"), "0..=self.max as u32");
    }
}
