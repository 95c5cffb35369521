//! The rules of signed bounds: only immutable fields of the same or a higher tier, in arithmetic that cannot panic.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, ExprField, ExprMethodCall, Ident, Member, UnOp};

use super::bound::{Scope, TypedEnds};
use super::fields::{Class, Peer};
use crate::entry;
use crate::plan::{Ends, SignedRange};
use crate::report::Report;
use crate::text;

/// Methods that neither overflow nor divide by zero.
const SATURATING: [&str; 3] = ["saturating_add", "saturating_mul", "saturating_sub"];

const ALLOWED: &str = "a signed bound is made of immutable fields (`self.field`), constants, `+ - * / %`, `as`, \
     and `saturating_add`, `saturating_sub`, `saturating_mul`";

/// Rewrites both ends; every field they name is looked up.
pub fn check(ends: TypedEnds, scope: &Scope<'_>, report: &mut Report) -> Option<SignedRange> {
    let Scope::State { field, tier, peers } = scope else {
        report.blame(
            &ends.whole,
            "only a field of the state itself can have a signed bound; write a fixed range",
        );
        return None;
    };
    let mut rewriter = Rewriter {
        own: &field.ident,
        tier: *tier,
        peers,
        names: Vec::new(),
        report,
    };
    let low = ends.low.as_ref().map(|end| rewriter.rewrite(end));
    let high = ends.high.as_ref().map(|end| rewriter.rewrite(end));
    let names = rewriter.names;
    let text = text::of(&ends.whole);
    let high_excluded = ends.high_excluded;
    let whole = ends.whole;
    let ends = Ends {
        low,
        high,
        high_excluded,
        whole,
        is_literal: false,
    };
    Some(SignedRange { ends, names, text })
}

struct Rewriter<'r> {
    own: &'r Ident,
    tier: Option<u8>,
    peers: &'r [Peer<'r>],
    names: Vec<Ident>,
    report: &'r mut Report,
}

impl Rewriter<'_> {
    /// The expression with `?` wherever it could overflow; `__k` is the library's hidden module.
    fn rewrite(&mut self, expr: &Expr) -> TokenStream {
        match expr {
            Expr::Lit(_) => expr.to_token_stream(),
            Expr::Path(path) if !path.path.is_ident("self") => path.to_token_stream(),
            Expr::Group(group) => self.rewrite(&group.expr),
            Expr::Paren(paren) => self.in_parentheses(&paren.expr),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => self.negative(&unary.expr),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => {
                let inner = self.rewrite(&cast.expr);
                let ty = &cast.ty;
                quote_spanned!(expr.span()=> ((#inner) as #ty))
            }
            Expr::Field(field) if is_self(&field.base) => self.field(field),
            Expr::MethodCall(call) => self.saturating(call),
            other => self.refuse(other),
        }
    }

    fn in_parentheses(&mut self, inner: &Expr) -> TokenStream {
        let rewritten = self.rewrite(inner);
        quote_spanned!(inner.span()=> (#rewritten))
    }

    /// `-1` stays a literal, so that the least value of a type can be written.
    fn negative(&mut self, inner: &Expr) -> TokenStream {
        if let Expr::Lit(literal) = inner {
            return quote_spanned!(inner.span()=> -#literal);
        }
        let rewritten = self.rewrite(inner);
        quote_spanned!(inner.span()=> __k::Arithmetic::neg(#rewritten)?)
    }

    fn binary(&mut self, binary: &ExprBinary) -> TokenStream {
        let Some(operation) = operation(&binary.op) else {
            return self.refuse(binary.op);
        };
        let left = self.rewrite(&binary.left);
        let right = self.rewrite(&binary.right);
        quote_spanned!(binary.span()=> __k::Arithmetic::#operation(#left, #right)?)
    }

    fn saturating(&mut self, call: &ExprMethodCall) -> TokenStream {
        let method = &call.method;
        if !SATURATING.iter().any(|known| method == known) || call.args.len() != 1 {
            return self.refuse(method);
        }
        let receiver = self.rewrite(&call.receiver);
        let arguments = call.args.iter().map(|argument| self.rewrite(argument));
        let arguments: Vec<_> = arguments.collect();
        quote_spanned!(call.span()=> (#receiver).#method(#(#arguments),*))
    }

    fn field(&mut self, field: &ExprField) -> TokenStream {
        let Member::Named(name) = &field.member else {
            return self.refuse(&field.member);
        };
        if let Some(mistake) = self.mistake(name) {
            self.report.blame(name, mistake);
        } else if !self.names.contains(name) {
            self.names.push(name.clone());
        }
        let argument = crate::emit::argument(name);
        quote_spanned!(name.span()=> (*#argument))
    }

    /// Why the field may not be named: a private one would leak through accept and refuse, a mutable or lower one could be
    /// changed by the client or from below.
    fn mistake(&self, name: &Ident) -> Option<String> {
        let Some(peer) = self.peers.iter().find(|peer| peer.ident == name) else {
            return Some(self.unknown(name));
        };
        if name == self.own {
            return Some(
                "a bound cannot depend on the field it bounds; name an immutable one".to_owned(),
            );
        }
        match peer.class {
            Some(Class::Private) => Some(format!(
                "`{name}` is private, and what is accepted would tell its value: name an immutable field"
            )),
            Some(Class::Mutable) => Some(format!(
                "`{name}` is mutable, so the client could move the bound: name an immutable field"
            )),
            _ if peer
                .tier
                .zip(self.tier)
                .is_some_and(|(peer, own)| peer < own) =>
            {
                Some(format!(
                    "`{name}` is in a lower tier than the field it bounds: name one of the same or a higher tier"
                ))
            }
            _ => None,
        }
    }

    fn unknown(&self, name: &Ident) -> String {
        let names: Vec<String> = self
            .peers
            .iter()
            .map(|peer| peer.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match entry::nearest(&name.to_string(), &names) {
            Some(near) => format!("the state has no field `{name}`; did you mean `{near}`?"),
            None => format!("the state has no field `{name}`: name an immutable field"),
        }
    }

    fn refuse(&mut self, tokens: impl ToTokens) -> TokenStream {
        self.report.blame(tokens, ALLOWED);
        TokenStream::new()
    }
}

fn is_self(base: &Expr) -> bool {
    matches!(base, Expr::Path(path) if path.path.is_ident("self"))
}

fn operation(op: &BinOp) -> Option<Ident> {
    let name = match op {
        BinOp::Add(_) => "add",
        BinOp::Sub(_) => "sub",
        BinOp::Mul(_) => "mul",
        BinOp::Div(_) => "div",
        BinOp::Rem(_) => "rem",
        _ => return None,
    };
    Some(format_ident!("{}", name))
}
