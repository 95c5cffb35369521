//! The attributes as constants.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::bounds::lengths;
use super::class;
use crate::plan::{Approx, Field, Plan, Policy, WhenAway};
use crate::text;

/// `const __FIELD_0: &__k::Field = &__k::Field { name: "customer", tier: 2, .. };`
pub fn fields(plan: &Plan) -> TokenStream {
    plan.fields.iter().enumerate().map(field).collect()
}

fn field((number, field): (usize, &Field)) -> TokenStream {
    let constant = format_ident!("__FIELD_{}", number);
    let name = field.ident.unraw().to_string();
    let (tier, class, ty) = (field.tier, class(&field.access), text::of(&field.ty));
    let approx = match &field.approx {
        Some(Approx { text, .. }) => quote!(__k::Some(#text)),
        None => quote!(__k::None),
    };
    quote! {
        const #constant: &__k::Field = &__k::Field {
            name: #name, tier: __k::tier(#tier), class: #class, ty: #ty, approx: #approx,
        };
    }
}

/// `const TABLE: __k::Table = ..;`
pub fn table(plan: &Plan) -> TokenStream {
    let options = &plan.options;
    let (name, version, pad) = (&options.name, options.version, options.pad);
    let session_max = duration(options.session_max);
    let max_cookie_len = match &options.max_cookie_len {
        Some(len) => quote!(__k::Some(#len)),
        None => quote!(__k::None),
    };
    let tiers = plan.tiers.iter().map(policy);
    let leaned_on = plan.leaned_on();
    let derived = plan.derived().map(|field| {
        let (ty, lengths) = (&field.ty, field.bound().map(lengths));
        quote!((<#ty as __k::MutableValue>::SHAPE, #lengths))
    });
    let fields = (0..plan.fields.len()).map(|number| format_ident!("__FIELD_{}", number));
    quote! {
        const TABLE: __k::Table = __k::Table {
            name: #name, version: #version, tiers: &[#(#tiers),*], fields: &[#(*#fields),*],
            session_max: #session_max, pad: #pad, max_cookie_len: #max_cookie_len,
            leaned_on: __k::TierSet::of_bits(#leaned_on),
            derived_len: __k::longest(&[#(#derived),*]),
        };
    }
}

fn policy(policy: &Policy) -> TokenStream {
    let (valid_for, renew_after) = (duration(policy.valid_for), duration(policy.renew_after));
    let or_default = policy.or_default;
    let at_most_every = match policy.at_most_every.map(duration) {
        Some(every) => quote!(__k::Some(#every)),
        None => quote!(__k::None),
    };
    let guarded = match policy.guarded {
        Some(WhenAway::Accept) => quote!(__k::Some(__k::WhenAway::Accept)),
        Some(WhenAway::Refuse) => quote!(__k::Some(__k::WhenAway::Refuse)),
        None => quote!(__k::None),
    };
    quote! {
        __k::TierPolicy {
            valid_for: #valid_for, renew_after: #renew_after, or_default: #or_default,
            at_most_every: #at_most_every, guarded: #guarded,
        }
    }
}

fn duration(duration: Duration) -> TokenStream {
    let (secs, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(__k::Duration::new(#secs, #nanos))
}
