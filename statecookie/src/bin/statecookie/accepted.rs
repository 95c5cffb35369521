//! What is worth knowing of what a server would accept.

use std::time::Duration;

use statecookie::outside::{AnyAccepted, Judged};
use statecookie::{Key, KeyId, TierSet, Timestamp};

use crate::against::Server;
use crate::facts::{Facts, span};
use crate::list::text;

pub(crate) fn facts(accepted: &AnyAccepted, judged: &Judged<'_>, server: &Server) -> Facts {
    let age = span(accepted.age);
    let mut facts = vec![
        (
            "age",
            format!("{age}, since the newest cookie became valid"),
        ),
        ("skew", skew(accepted.skew)),
        ("key", key(accepted.key_id, server, judged.now)),
        ("defaults", defaults(accepted.defaulted)),
    ];
    let schema = server.pool.schema();
    let first_end = |or_default: bool| {
        let lasting = judged.times.iter().filter(|times| {
            !accepted.defaulted.contains(times.tier)
                && schema.is_or_default(times.tier) == or_default
        });
        lasting.min_by_key(|times| times.not_after)
    };
    facts.extend(first_end(true).map(|first| {
        let (until, tier) = (text(first.not_after), first.tier);
        (
            "whole until",
            format!("{until} and the leeway; then {tier} takes its defaults"),
        )
    }));
    facts.extend(first_end(false).map(|first| {
        let (until, tier) = (text(first.not_after), first.tier);
        (
            "good until",
            format!("{until} and the leeway, when {tier} ends"),
        )
    }));
    facts
}

fn skew(skew: Duration) -> String {
    match skew {
        Duration::ZERO => "none to be seen".to_owned(),
        skew => format!("the issuing server's clock was {} ahead", span(skew)),
    }
}

fn defaults(defaulted: TierSet) -> String {
    let names: Vec<_> = defaulted.iter().map(|tier| tier.to_string()).collect();
    match &names[..] {
        [] => "none: every tier is restored".to_owned(),
        [one] => format!("{one} takes its defaults: missing or expired"),
        more => format!(
            "{} take their defaults: missing or expired",
            more.join(", ")
        ),
    }
}

fn key(id: KeyId, server: &Server, now: Timestamp) -> String {
    let keys = server.ring.as_ref().map_or(&[][..], |ring| ring.keys());
    let Some(key) = keys.iter().find(|key| key.id == id) else {
        return id.to_string();
    };
    format!(
        "{id}, {}, accepted until {}",
        signs(key, now),
        text(key.accept_until)
    )
}

fn signs(key: &Key, now: Timestamp) -> String {
    match now < key.sign_until {
        true => format!("signs until {}", text(key.sign_until)),
        false => "signs no more".to_owned(),
    }
}
