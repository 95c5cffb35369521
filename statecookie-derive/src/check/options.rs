//! What `#[statecookie(..)]` says of the whole struct, and the list of its tiers.

use std::time::Duration;

use syn::ext::IdentExt;
use syn::{Expr, Path, parse_quote};

use super::literal;
use super::policy::{self, RawPolicy};
use crate::entry::{Entry, Given, Grammar, Keys};
use crate::plan::Options;
use crate::raw::Raw;
use crate::report::Report;

const GRAMMAR: Grammar = Grammar {
    attribute: "`#[statecookie(..)]`",
    known: &[
        "crate",
        "max_cookie_len",
        "name",
        "pad",
        "session_max",
        "tier",
        "validate",
        "version",
    ],
    later: &["migrate_from"],
};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The largest value that still fits a cookie of the largest size.
const MAX_PAD: usize = 4096;

/// Reads the options; what is missing or bad takes its default.
pub fn check(raw: &Raw, report: &mut Report) -> (Options, Vec<RawPolicy>) {
    let (tiers, rest): (Vec<_>, Vec<_>) = raw.options.iter().cloned().partition(is_tier);
    let mut keys = Keys::read(rest, &GRAMMAR, report);
    let options = Options {
        root: root(&mut keys, report),
        name: name(&mut keys, raw, report),
        version: version(&mut keys, report),
        session_max: session_max(&mut keys, report),
        pad: pad(&mut keys, report),
        max_cookie_len: keys.take_value("max_cookie_len", "4096", report),
        validate: path(&mut keys, "validate", report),
    };
    let policies = tiers
        .into_iter()
        .filter_map(|tier| policy::read(tier, report))
        .collect();
    (options, policies)
}

/// The path of the library when the rest of the options is of no interest.
pub fn crate_root(options: &[Entry], report: &mut Report) -> Path {
    const ONLY_CRATE: Grammar = Grammar {
        attribute: "`#[statecookie(..)]`",
        known: &["crate"],
        later: &[],
    };
    root(
        &mut Keys::read(options.to_vec(), &ONLY_CRATE, report),
        report,
    )
}

/// The path of the library as far as it can be read, for the stub.
pub fn crate_root_of(options: &[Entry]) -> Path {
    let given = options.iter().find_map(|entry| match entry {
        Entry::Keyed(key, Given::Value(Expr::Path(path))) if key == "crate" => Some(&path.path),
        _ => None,
    });
    given
        .cloned()
        .unwrap_or_else(|| parse_quote!(::statecookie))
}

fn is_tier(entry: &Entry) -> bool {
    matches!(entry, Entry::Keyed(key, _) if key == "tier")
}

fn root(keys: &mut Keys, report: &mut Report) -> Path {
    match keys.take_value("crate", "path::to::statecookie", report) {
        Some(Expr::Path(path)) => path.path,
        Some(other) => {
            report.blame(
                other,
                "write the path of the crate: `crate = path::to::statecookie`",
            );
            parse_quote!(::statecookie)
        }
        None => parse_quote!(::statecookie),
    }
}

fn name(keys: &mut Keys, raw: &Raw, report: &mut Report) -> String {
    let given = keys.take_value("name", "\"shop\"", report);
    let name = given.and_then(|value| literal::text(&value, "name = \"shop\"", report));
    name.map_or_else(|| raw.ident.unraw().to_string(), |name| name.value())
}

fn version(keys: &mut Keys, report: &mut Report) -> u32 {
    let given = keys.take_value("version", "1", report);
    given
        .and_then(|value| literal::number(&value, "version = 1", report))
        .unwrap_or(1)
}

/// A session has an end, and the root's first cookie must fit in.
fn session_max(keys: &mut Keys, report: &mut Report) -> Duration {
    let given = keys.take_value("session_max", "\"24h\"", report);
    let max =
        given.and_then(|value| literal::whole_seconds(&value, "session_max = \"24h\"", report));
    max.unwrap_or(DAY)
}

fn pad(keys: &mut Keys, report: &mut Report) -> usize {
    let Some(value) = keys.take_value("pad", "16", report) else {
        return 16;
    };
    match literal::number::<usize>(&value, "pad = 16", report) {
        Some(pad @ 1..=MAX_PAD) => pad,
        Some(_) => {
            report.blame(
                value,
                "private values are padded to a multiple of 1 to 4096 bytes: write `pad = 16`",
            );
            16
        }
        None => 16,
    }
}

fn path(keys: &mut Keys, key: &str, report: &mut Report) -> Option<Expr> {
    let value = keys.take_value(key, "path::to::function", report)?;
    if !matches!(value, Expr::Path(_)) {
        report.blame(
            &value,
            format!("write the path of a function: `{key} = path::to::function`"),
        );
        return None;
    }
    Some(value)
}
