//! How session and jar get at the handles.

use proc_macro2::TokenStream;
use quote::quote;

use super::frame::Frame;
use super::{argument, codec, edit, view};
use crate::plan::{Access, Plan};

/// `__edit` and `__view`.
pub fn methods(plan: &Plan, frame: &Frame) -> TokenStream {
    let edit = edit_method(plan);
    let view = view_method(plan, frame);
    quote!(#edit #view)
}

fn edit_method(plan: &Plan) -> TokenStream {
    let edit = edit::name(plan);
    quote! {
        #[inline]
        fn __edit<'__s>(
            &'__s mut self,
            __touched: &'__s mut __k::TierSet,
        ) -> Self::Edit<'__s> {
            #edit { __state: self, __touched }
        }
    }
}

/// Reads what is not private, in the order of `__read`.
fn view_method(plan: &Plan, frame: &Frame) -> TokenStream {
    let view = view::name(plan);
    let (name, header) = (&plan.ident, frame.header());
    let (_, arguments, _) = header.split();
    let open =
        || codec::in_wire_order(plan).filter(|field| !matches!(field.access, Access::Private));
    let takes = open().map(|field| codec::take_for_view(plan, field, &quote!(<#name #arguments>)));
    let names = open().map(|field| view::slot(&field.ident));
    let values = open().map(|field| argument(&field.ident));
    quote! {
        fn __view<'__j, __R: __k::Source>(
            __source: &mut __R,
            __overlay: &'__j mut (dyn __k::Overlay + __k::Send),
        ) -> __k::Result<Self::View<'__j>, __R::Error> {
            #(#takes)*
            __k::Ok(#view { #(#names: #values,)* __overlay, __state: __k::PhantomData })
        }
    }
}
