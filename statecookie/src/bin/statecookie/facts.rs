//! The numbers that a verdict rests on, side by side.

use std::time::Duration;

use statecookie::outside::{AnyRefusal, AnyTimes, Found, FoundField, Judged};
use statecookie::{Class, Inspection, KeyId, ParseError, Reason, Timestamp};

use crate::against::Server;
use crate::list::text;
use crate::values::{self, hex};

/// A word and what there is to say of it.
pub(crate) type Facts = Vec<(&'static str, String)>;

/// What was compared when the check failed.
pub(crate) fn of_refusal(
    refusal: &AnyRefusal,
    judged: &Judged<'_>,
    server: &Server,
    blob: &Result<Inspection, ParseError>,
    len: usize,
) -> Facts {
    let now = judged.now;
    let seen = blob.as_ref().ok();
    match refusal.reason {
        Reason::TooLarge => vec![
            ("length", format!("{len} bytes")),
            ("limit", format!("{} bytes", server.limit)),
        ],
        Reason::UnknownVersion | Reason::Malformed | Reason::Unlinked => of_structure(blob),
        Reason::UnknownSchema => schemas(server, seen),
        Reason::MissingTier => tiers(server, seen),
        Reason::UnknownKey | Reason::KeyRevoked | Reason::KeyExpired => {
            keys(refusal.key, server, now)
        }
        Reason::BadTag if judged.proven.is_empty() => circumstances(server),
        Reason::Revoked | Reason::SessionEnded => session(judged, seen),
        Reason::NotYetValid | Reason::Expired => {
            let times = judged
                .times
                .iter()
                .find(|times| Some(times.tier) == refusal.tier);
            times.map_or_else(Vec::new, |times| {
                window(times, refusal.reason, judged, server)
            })
        }
        Reason::OutOfRange | Reason::MalformedValue | Reason::MissingDerived => {
            value(refusal, judged)
        }
        _ => Vec::new(),
    }
}

/// What a root's tag is over beside the bytes, as it was given.
fn circumstances(server: &Server) -> Facts {
    let bound = if server.is_bound() {
        "as given"
    } else {
        "none: to nobody"
    };
    vec![
        ("pool", format!("{:?}", server.name)),
        ("identity", bound.to_owned()),
        ("fingerprint", hex(&server.pool.fingerprint())),
    ]
}

/// What is wrong with the form.
pub(crate) fn of_structure(blob: &Result<Inspection, ParseError>) -> Facts {
    let why = match blob {
        Err(error) => error.to_string(),
        Ok(seen) if seen.root.is_none() => {
            "a partial update: it begins below the root, and stands on nothing".to_owned()
        }
        Ok(_) => "its sections are not those of this schema".to_owned(),
    };
    vec![("why", why)]
}

/// What the times claim, where nothing is proven.
pub(crate) fn of_claims(judged: &Judged<'_>, server: &Server) -> Facts {
    let mut facts = vec![
        ("now", text(judged.now)),
        ("leeway", span(server.pool.leeway())),
    ];
    for times in &judged.times {
        let (from, until) = (text(times.not_before), text(times.not_after));
        facts.push((
            "claims",
            format!(
                "{}: {from} to {until}{}",
                times.tier,
                beside(times, judged, server)
            ),
        ));
    }
    facts.extend(bad_values(judged, server));
    facts
}

/// What the client wrote that no server takes, whatever the tags say.
fn bad_values(judged: &Judged<'_>, server: &Server) -> Facts {
    let Ok(looked) = server.pool.schema().look(judged.presented) else {
        return Facts::new();
    };
    let derived = looked.derived.iter().flat_map(|(fields, _)| fields);
    let fields = looked.tiers.iter().flat_map(|tier| &tier.fields);
    let bad = fields.chain(derived).filter(|found| {
        let class = found.field.class();
        matches!(class, Class::Mutable | Class::Derived)
            && matches!(
                found.found,
                Found::OutOfRange(_) | Found::Malformed(_) | Found::Missing
            )
    });
    let said = |found: &FoundField<'_>| {
        let (value, note) = values::row(found);
        (
            "value",
            format!("{}: {value}  {note}", found.field.name().escape_debug()),
        )
    };
    bad.map(said).collect()
}

fn beside(times: &AnyTimes, judged: &Judged<'_>, server: &Server) -> &'static str {
    let leeway = server.pool.leeway();
    if judged.now > times.not_after.saturating_add(leeway) {
        ", EXPIRED"
    } else if judged.now.saturating_add(leeway) < times.not_before {
        ", NOT YET VALID"
    } else {
        ""
    }
}

fn schemas(server: &Server, seen: Option<&Inspection>) -> Facts {
    let schema = server.pool.schema();
    let mut facts = Vec::new();
    if let Some(seen) = seen {
        let hash = seen.root.as_ref().map(|root| hex(&root.schema_hash));
        facts.push(("its hash", hash.unwrap_or_default()));
        let tiers = seen.cookies.first().map_or(0, |cookie| cookie.tiers);
        facts.push(("its tiers", tiers.to_string()));
    }
    let name = schema.name().escape_debug();
    facts.push((
        "this schema",
        format!("{name} version {}", schema.version()),
    ));
    facts.push(("this hash", hex(&schema.hash().to_le_bytes())));
    facts.push(("these tiers", schema.tiers().to_string()));
    facts
}

fn tiers(server: &Server, seen: Option<&Inspection>) -> Facts {
    let Some(seen) = seen else { return Vec::new() };
    let all = usize::from(server.pool.schema().tiers());
    let names = |tiers: Vec<usize>| {
        let names: Vec<_> = tiers.iter().map(|tier| format!("tier {tier}")).collect();
        names.join(", ")
    };
    let here: Vec<_> = seen
        .cookies
        .iter()
        .map(|cookie| cookie.tier.index())
        .collect();
    let missing = (0..all).rev().filter(|tier| !here.contains(tier)).collect();
    let mut facts = vec![("presented", names(here)), ("missing", names(missing))];
    if let Some(root) = &seen.root {
        let required = format!("{} from the root down, says the root", root.required);
        facts.push(("required", required));
    }
    facts
}

fn keys(id: Option<KeyId>, server: &Server, now: Timestamp) -> Facts {
    let mut facts: Facts = Vec::new();
    facts.extend(id.map(|id| ("key", id.to_string())));
    let Some(ring) = &server.ring else {
        return facts;
    };
    match ring.keys().iter().find(|key| Some(key.id) == id) {
        None => {
            let ids: Vec<_> = ring.keys().iter().map(|key| key.id.to_string()).collect();
            facts.push(("in the ring", ids.join(", ")));
        }
        Some(key) => {
            facts.push(("now", text(now)));
            facts.push(("accept_until", text(key.accept_until)));
            if now >= key.accept_until {
                facts.push(("late by", span(now.since(key.accept_until))));
            }
        }
    }
    facts
}

fn session(judged: &Judged<'_>, seen: Option<&Inspection>) -> Facts {
    let root = seen.and_then(|seen| seen.root.as_ref());
    let Some(root) = root else { return Vec::new() };
    let mut facts = vec![
        ("session", hex(&root.session)),
        ("now", text(judged.now)),
        ("born", text(root.born)),
        ("end", text(root.end)),
    ];
    if judged.now >= root.end {
        facts.push(("late by", span(judged.now.since(root.end))));
    }
    facts
}

fn window(times: &AnyTimes, reason: Reason, judged: &Judged<'_>, server: &Server) -> Facts {
    let (now, leeway) = (judged.now, server.pool.leeway());
    let mut facts = vec![
        ("now", text(now)),
        ("not-before", text(times.not_before)),
        ("not-after", text(times.not_after)),
        ("leeway", span(leeway)),
    ];
    facts.push(match reason {
        Reason::Expired => {
            let last = times.not_after.saturating_add(leeway);
            (
                "late by",
                format!("{} beyond the leeway", span(now.since(last))),
            )
        }
        _ => {
            let first = now.saturating_add(leeway);
            (
                "early by",
                format!("{} beyond the leeway", span(times.not_before.since(first))),
            )
        }
    });
    facts
}

fn value(refusal: &AnyRefusal, judged: &Judged<'_>) -> Facts {
    let fields = judged.tiers.iter().flat_map(|tier| &tier.fields);
    let mut fields = fields.chain(&judged.derived);
    let named = |field: &&FoundField<'_>| {
        Some(field.field.name()) == refusal.field.as_deref()
            && Some(field.field.tier()) == refusal.tier
    };
    let Some(found) = fields.find(named) else {
        return Vec::new();
    };
    let mut facts = vec![("type", found.field.type_text().escape_debug().to_string())];
    match &found.found {
        Found::OutOfRange(value) => facts.push(("value", value.to_string())),
        Found::Malformed(cause) => facts.push(("why", cause.to_string())),
        _ => {}
    }
    facts.extend(found.field.bound_text().map(|bound| ("bound", bound)));
    facts
}

pub(crate) fn span(duration: Duration) -> String {
    humantime::format_duration(duration).to_string()
}
