//! What the macro writes: one frame around tables and short calls into the library's hidden module, called `__k` inside.
//!
//! `self` and locals come out of a plain `quote!`, also in the middle of tokens that underline what the user typed: where a
//! `macro_rules` was handed that, such tokens would look for them where it was handed over.

mod access;
mod approx;
mod assertion;
pub mod bounds;
mod budget;
mod codec;
mod edit;
pub mod frame;
mod limits;
mod table;
mod view;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use crate::emit::frame::Frame;
use crate::plan::{Access, Plan};

/// All that stands for a struct:
///
/// ```text
/// const _: () = {
///     use ::statecookie::private as __k;
///     const __FIELD_0: &__k::Field = ..;     // table
///     const __RANGE_3: __k::Interval<u8> = ..;  // bounds, checked by the compiler
///     const __TOLERANCE_OF_YAW: ..           // approx
///     impl Shop { fn __bound_of_quality() -> __k::Bound<u8> { .. } }
///     impl __k::StateCookie for Shop { .. }
///     struct __ShopEdit<'__s> { .. }         // edit
///     struct __ShopView<'__j> { .. }         // view
/// };
/// ```
pub fn state(plan: &Plan) -> TokenStream {
    let frame = Frame::of_state(plan);
    let fields = table::fields(plan);
    let ranges = bounds::ranges(plan.fields.iter().filter_map(bounds::of_field), &frame);
    let bounds = bounds_impl(plan, &frame);
    let tolerances = approx::tolerances(plan, &frame);
    let budget = budget::assertions(plan, &frame);
    let state = state_impl(plan, &frame);
    let edit = edit::edit(plan, &frame);
    let view = view::view(plan, &frame);
    frame.around(quote! { #fields #ranges #bounds #tolerances #budget #state #edit #view })
}

/// The constant that holds the number-th field's row of the table.
pub fn field_constant(plan: &Plan, name: &Ident) -> Ident {
    let number = plan
        .fields
        .iter()
        .position(|field| field.ident == *name)
        .unwrap_or_default();
    format_ident!("__FIELD_{}", number)
}

/// The name under which a bound or a reading body knows the value of a field.
pub fn argument(name: &Ident) -> Ident {
    format_ident!(
        "__f_{}",
        name,
        span = name.span().resolved_at(Span::call_site())
    )
}

/// `impl Shop { fn __bound_of_quality() -> .. }`, one function for each mutable field.
fn bounds_impl(plan: &Plan, frame: &Frame) -> TokenStream {
    let all = plan.fields.iter().filter_map(bounds::of_field);
    let functions: Vec<_> = all
        .map(|bounded| bounds::function(&bounded, |name| type_of(plan, name), frame))
        .collect();
    if functions.is_empty() {
        return TokenStream::new();
    }
    let (name, header) = (&plan.ident, frame.header());
    let (generics, arguments, wheres) = header.split();
    quote! {
        #[automatically_derived]
        impl #generics #name #arguments #wheres {
            #(#functions)*
        }
    }
}

fn type_of(plan: &Plan, name: &Ident) -> TokenStream {
    plan.field(name)
        .map(|field| &field.ty)
        .map_or_else(TokenStream::new, |ty| quote!(#ty))
}

/// `impl StateCookie for Shop { .. }`.
fn state_impl(plan: &Plan, frame: &Frame) -> TokenStream {
    let (name, header) = (&plan.ident, frame.header());
    let (generics, arguments, wheres) = header.split();
    let types = types(plan, frame);
    let table = table::table(plan);
    let write = codec::write(plan);
    let read = codec::read(plan);
    let limits = limits::methods(plan);
    let access = access::methods(plan, frame);
    let approx = approx::methods(plan, frame);
    quote! {
        #[automatically_derived]
        impl #generics __k::StateCookie for #name #arguments #wheres {
            #types #table #write #read #limits #access #approx
        }
    }
}

/// The stamps of so many tiers, and the two handles.
fn types(plan: &Plan, frame: &Frame) -> TokenStream {
    let tiers = plan.tiers.len();
    let edit = frame.applied(&edit::name(plan), "'__s");
    let view = frame.applied(&view::name(plan), "'__j");
    quote! {
        type Stamps = [__k::Stamp; #tiers];
        type Edit<'__s> = #edit;
        type View<'__j> = #view;
    }
}

/// The field's class in words of the library.
fn class(access: &Access) -> TokenStream {
    match access {
        Access::Immutable => quote!(__k::Class::Immutable),
        Access::Mutable(_) => quote!(__k::Class::Mutable),
        Access::Derived(_) => quote!(__k::Class::Derived),
        Access::Private => quote!(__k::Class::Private),
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use crate::report::Report;
    use crate::{check, raw, text};

    fn expanded(input: &syn::DeriveInput) -> String {
        let mut report = Report::default();
        let raw = raw::read(input, &mut report);
        let plan = check::state(&raw, &mut report).unwrap();
        assert!(report.is_empty());
        text::of(super::state(&plan))
    }

    #[test]
    fn names_the_library_once_by_the_path_it_was_given() {
        let text = expanded(&parse_quote! {
            #[statecookie(crate = crate::away, validate = sound, tier(0, valid_for = "1m"))]
            struct State {
                #[tier(0)]
                #[mutable(range = 0..=self.limit * 2)]
                level: u8,
                #[state(tier = 0, mutable(one_of("a"), max_len = 1))]
                name: String,
                #[tier(0)]
                limit: u8,
            }
        });
        assert_eq!(text.matches("crate::away::private as __k;").count(), 1);
        assert_eq!(text.matches("statecookie").count(), 0);
        assert!(!text.contains("core::") && !text.contains("std::") && !text.contains("cfg"));
        assert!(!text.contains("unsafe"));
    }
}
