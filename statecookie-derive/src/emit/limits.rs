//! The checks: every bound, the signed ones alone, the struct's own; and the bounds themselves, shown to a visitor.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{bounds, field_constant};
use crate::plan::{Field, Plan, Rule};

/// `__check`, `__check_signed_bounds`, `__validate` and `__bounds`.
pub fn methods(plan: &Plan) -> TokenStream {
    let all = checks(plan, |field| field.bound().is_some());
    let signed = checks(plan, |field| {
        field.bound().is_some_and(|bound| !bound.names().is_empty())
    });
    let validate = validate(plan);
    let shows = plan.fields.iter().filter_map(|field| show(plan, field));
    quote! {
        fn __check(&self, __tiers: __k::TierSet) -> __k::Result<(), __k::OutOfRange> {
            #all
            __k::Ok(())
        }
        fn __check_signed_bounds(&self, __tiers: __k::TierSet) -> __k::Result<(), __k::OutOfRange> {
            #signed
            __k::Ok(())
        }
        fn __validate(&self) -> __k::Result<(), __k::Invalid> {
            #validate
        }
        fn __bounds<__V: __k::BoundVisitor>(__visitor: &mut __V) -> __k::Result<(), __V::Error> {
            #(#shows)*
            __k::Ok(())
        }
    }
}

/// `<u8 as __k::MutableValue>::__check(&self.quality, "quality", &Self::__bound_of_quality())?;`; a signed bound's fields come from `source`.
pub fn check(
    field: &Field,
    owner: &TokenStream,
    source: impl Fn(&Ident) -> TokenStream,
    value: &TokenStream,
) -> TokenStream {
    let name = field.ident.unraw().to_string();
    let (ty, bound) = (&field.ty, bounds::call(field, owner, source));
    quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::__check(#value, #name, #bound)?;)
}

/// `if __tiers.contains(__k::tier(1)) { .. }` for each tier that has something to check.
fn checks(plan: &Plan, concerned: impl Fn(&Field) -> bool) -> TokenStream {
    let tiers = (0..plan.tiers.len()).rev().filter_map(|tier| {
        let checks: Vec<_> = plan
            .fields_of(tier)
            .filter(|field| concerned(field))
            .map(|field| {
                let ident = &field.ident;
                check(
                    field,
                    &quote!(Self),
                    |name| quote!(&self.#name),
                    &quote!(&self.#ident),
                )
            })
            .collect();
        let tier = tier as u8;
        (!checks.is_empty()).then(|| quote!(if __tiers.contains(__k::tier(#tier)) { #(#checks)* }))
    });
    quote!(#(#tiers)*)
}

fn validate(plan: &Plan) -> TokenStream {
    match &plan.options.validate {
        Some(path) => {
            let this = quote!(self);
            quote_spanned!(path.span()=> __k::Verdict::judge(#path(#this)))
        }
        None => quote!(__k::Ok(())),
    }
}

/// A fixed bound by its value, a signed one by its text.
fn show(plan: &Plan, field: &Field) -> Option<TokenStream> {
    let declared = field.bound()?;
    let (ty, row) = (&field.ty, field_constant(plan, &field.ident));
    if let Rule::Signed(range) = &declared.rule {
        let (lengths, text) = (bounds::lengths(declared), &range.text);
        return Some(quote! {
            __k::BoundVisitor::signed::<#ty>(__visitor, #row, const { #lengths }, #text)?;
        });
    }
    let bound = bounds::call(field, &quote!(Self), |_| TokenStream::new());
    let method = match plan.may_default(field) {
        true => quote_spanned!(ty.span()=> __k::BoundVisitor::fixed_with_default::<#ty>),
        false => quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::__show),
    };
    Some(quote!(#method(__visitor, #row, #bound)?;))
}
