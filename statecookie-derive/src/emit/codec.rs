//! Writing and reading the fields, side by side: tier by tier, class by class, in the order of declaration.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{argument, bounds, class, field_constant};
use crate::plan::{Access, Field, Plan};

/// One arm for each tier and class that has fields:
///
/// ```text
/// (2, __k::Class::Immutable) => { __k::put_signed::<u64>("customer", &self.customer, __out)?; }
/// ```
pub fn write(plan: &Plan) -> TokenStream {
    let arms = sections(plan).into_iter().map(|(tier, fields)| {
        let class = fields.first().map(|field| class(&field.access));
        let puts = fields.iter().map(|field| put(field));
        quote!((#tier, #class) => { #(#puts)* })
    });
    quote! {
        fn __write(
            &self,
            __tier: __k::Tier,
            __class: __k::Class,
            __out: &mut __k::Vec<u8>,
        ) -> __k::Result<(), __k::EncodeError> {
            match (__tier.number(), __class) {
                #(#arms)*
                _ => {}
            }
            __k::Ok(())
        }
    }
}

/// `let __f_customer = __k::take_signed::<u64, _>(__source, __FIELD_0)?;` and so on, then the struct.
pub fn read(plan: &Plan) -> TokenStream {
    let takes = in_wire_order(plan).map(|field| take(plan, field, &quote!(Self)));
    let names = plan.fields.iter().map(|field| &field.ident);
    let values = plan.fields.iter().map(|field| argument(&field.ident));
    quote! {
        fn __read<__R: __k::Source>(__source: &mut __R) -> __k::Result<Self, __R::Error> {
            #(#takes)*
            __k::Ok(Self { #(#names: #values),* })
        }
    }
}

/// The fields in cookies, tiers from the root down, in each the immutable ones, the private ones, the mutable ones; last
/// of all the derived ones.
pub fn in_wire_order(plan: &Plan) -> impl Iterator<Item = &Field> {
    let sections = sections(plan).into_iter();
    let sent = sections
        .flat_map(|(_, fields)| fields)
        .filter(|field| !field.is_derived());
    sent.chain(plan.derived())
}

/// Takes one field from the source into the name under which later bounds know it.
pub fn take(plan: &Plan, field: &Field, owner: &TokenStream) -> TokenStream {
    take_by(plan, field, owner, format_ident!("__derive"))
}

/// [`take`] of what may be missing as yet.
pub fn take_for_view(plan: &Plan, field: &Field, owner: &TokenStream) -> TokenStream {
    take_by(plan, field, owner, format_ident!("__supplied"))
}

fn take_by(plan: &Plan, field: &Field, owner: &TokenStream, derive: Ident) -> TokenStream {
    let (name, ty) = (argument(&field.ident), &field.ty);
    let row = field_constant(plan, &field.ident);
    if field.bound().is_none() {
        let function = quote_spanned!(ty.span()=> __k::take_signed::<#ty, _>);
        return quote!(let #name = #function(__source, #row)?;);
    }
    let bound = bounds::call(field, owner, |name| {
        let name = argument(name);
        quote!(&#name)
    });
    let method = match plan.may_default(field) {
        _ if field.is_derived() => quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::#derive),
        true => quote_spanned!(ty.span()=> __k::Source::mutable_or_default::<#ty>),
        false => quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::__take),
    };
    quote!(let #name = #method(__source, #row, #bound)?;)
}

fn put(field: &Field) -> TokenStream {
    let (ident, ty) = (&field.ident, &field.ty);
    let (this, out) = (quote!(self), quote!(__out));
    match field.access {
        Access::Mutable(_) | Access::Derived(_) => {
            quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::write(&#this.#ident, #out);)
        }
        Access::Immutable | Access::Private => {
            let name = ident.unraw().to_string();
            quote_spanned!(ty.span()=> __k::put_signed::<#ty>(#name, &#this.#ident, #out)?;)
        }
    }
}

/// The non-empty sections from the root down.
fn sections(plan: &Plan) -> Vec<(u8, Vec<&Field>)> {
    let mut sections = Vec::new();
    for tier in (0..plan.tiers.len()).rev() {
        for class in 0..4 {
            let fields: Vec<_> = plan
                .fields_of(tier)
                .filter(|field| place(&field.access) == class)
                .collect();
            if !fields.is_empty() {
                sections.push((tier as u8, fields));
            }
        }
    }
    sections
}

const fn place(access: &Access) -> usize {
    match access {
        Access::Immutable => 0,
        Access::Private => 1,
        Access::Mutable(_) => 2,
        Access::Derived(_) => 3,
    }
}
