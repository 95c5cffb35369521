//! The rules, one function each: what was typed becomes a plan, or the report says why not.

mod approx;
pub mod bound;
mod fields;
mod literal;
mod names;
mod options;
mod policy;
mod signed;
mod tiers;

pub use options::{crate_root, crate_root_of};

use syn::Generics;

use crate::plan::Plan;
use crate::raw::Raw;
use crate::report::Report;

/// Checks a whole struct.
pub fn state(raw: &Raw, report: &mut Report) -> Option<Plan> {
    let (options, policies) = options::check(raw, report);
    owns_its_data(&raw.generics, report);
    names::do_not_clash(raw, report);
    names::do_not_say_self(raw, report);
    let fields = fields::check(raw, report);
    let tiers = tiers::check(raw, &fields, policies, options.session_max, report)?;
    let place = |number| tiers::place_of(number, &tiers);
    Some(Plan {
        ident: raw.ident.clone(),
        vis: raw.vis.clone(),
        generics: raw.generics.clone(),
        options,
        fields: fields
            .into_iter()
            .map(|field| field.planned(place))
            .collect::<Option<_>>()?,
        tiers,
    })
}

/// A state outlives every borrow: it comes back on another server.
pub fn owns_its_data(generics: &Generics, report: &mut Report) {
    for lifetime in generics.lifetimes() {
        report.blame(
            lifetime,
            "a state cannot borrow; own the data and drop the lifetime",
        );
    }
}
