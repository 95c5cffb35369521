//! `explain`: the verdict of a server on what a client presents, what it means, and what to do.

use statecookie::outside::{AnyRefusal, Judged};
use statecookie::{Inspection, KeyId, ParseError, Reason, Tier};

use crate::advice::{self, Advice, CHECKS};
use crate::against::Server;
use crate::args::Explain;
use crate::facts::{self, Facts};
use crate::fault::Fault;
use crate::{accepted, input, told};

/// The text, and whether a server would take it, as far as can be told.
pub(crate) fn explain(asked: &Explain, json: bool) -> Result<(String, bool), Fault> {
    let bytes = input::presented(&asked.what)?;
    let seen = statecookie::inspect(&bytes);
    let said = match asked.against.schema()? {
        Some(schema) => {
            let server = asked.against.server(schema)?;
            of(&server.judge(&bytes, false), &server, &seen, bytes.len())
        }
        None => of_bytes(&seen),
    };
    let accepted = !matches!(said.verdict, Verdict::Refused(_));
    let text = match json {
        true => format!("{}\n", told::as_json(&said)),
        false => told::as_text(&said),
    };
    Ok((text, accepted))
}

/// What there is to say.
pub(crate) struct Said {
    pub(crate) verdict: Verdict,
    pub(crate) facts: Facts,
    /// The checks that were passed, in their order.
    pub(crate) good: &'static [&'static str],
    pub(crate) unchecked: Vec<String>,
}

pub(crate) enum Verdict {
    Accepted,
    Refused(Refused),
    /// Without keys or schema: what can be told does not speak against it.
    Open,
}

/// The reason, and where.
pub(crate) struct Refused {
    pub(crate) reason: Reason,
    pub(crate) tier: Option<Tier>,
    pub(crate) field: Option<String>,
    pub(crate) key: Option<KeyId>,
    pub(crate) advice: Advice,
}

type Seen = Result<Inspection, ParseError>;

fn of(judged: &Judged<'_>, server: &Server, seen: &Seen, len: usize) -> Said {
    let keyless = server.ring.is_none();
    match &judged.verdict {
        // Of what comes after the claims, keys that nobody has say nothing.
        Err(refusal) if keyless && advice::step(refusal.reason) > 3 => Said {
            verdict: Verdict::Open,
            facts: facts::of_claims(judged, server),
            good: &CHECKS[..4],
            unchecked: vec![WITHOUT_KEYS.to_owned()],
        },
        Err(refusal) => Said {
            facts: facts::of_refusal(refusal, judged, server, seen, len),
            good: &CHECKS[..passed(refusal.reason, judged)],
            unchecked: judged.unchecked.clone(),
            verdict: Verdict::Refused(Refused::of(refusal, judged)),
        },
        Ok(accepted) => Said {
            verdict: Verdict::Accepted,
            facts: accepted::facts(accepted, judged, server),
            good: &CHECKS[..7],
            unchecked: beyond(judged, server),
        },
    }
}

/// Without a schema only size and structure can be told.
fn of_bytes(seen: &Seen) -> Said {
    let refused = match seen {
        Ok(seen) if seen.root.is_some() => None,
        Ok(_) => Some((Reason::Malformed, None)),
        Err(ParseError::TooLarge { .. }) => Some((Reason::TooLarge, None)),
        Err(ParseError::UnknownVersion) => Some((Reason::UnknownVersion, None)),
        Err(ParseError::Unlinked { tier }) => Some((Reason::Unlinked, Some(*tier))),
        Err(ParseError::Malformed { tier, .. }) => Some((Reason::Malformed, *tier)),
        Err(_) => Some((Reason::Malformed, None)),
    };
    match refused {
        None => Said {
            verdict: Verdict::Open,
            facts: Facts::new(),
            good: &CHECKS[..2],
            unchecked: vec![WITHOUT_SCHEMA.to_owned(), WITHOUT_KEYS.to_owned()],
        },
        Some((reason, tier)) => Said {
            facts: facts::of_structure(seen),
            good: &CHECKS[..advice::step(reason)],
            unchecked: Vec::new(),
            verdict: Verdict::Refused(Refused {
                reason,
                tier,
                field: None,
                key: None,
                advice: advice::on(reason, false),
            }),
        },
    }
}

/// What a server checks and the schema's JSON does not say, and what only the servers remember.
fn beyond(judged: &Judged<'_>, server: &Server) -> Vec<String> {
    let mut unchecked = judged.unchecked.clone();
    let schema = server.pool.schema();
    if schema.fields().any(|field| schema.is_guarded(field.tier())) {
        unchecked.push(
            "high-water marks: some tiers are guarded, and only a running server asks the store"
                .to_owned(),
        );
    }
    unchecked.push("the struct's `validate`, if it has one: no JSON says it".to_owned());
    if server.pool.schema().session_max().is_none() {
        unchecked.push("`session_max`: this schema's JSON does not say it; the end that the root claims was taken".to_owned());
    }
    unchecked.push("what a running server was told: `refuse_session`, and `refuse_born_before` unless --born-before was given".to_owned());
    unchecked
}

const WITHOUT_KEYS: &str = "key, tags, private values: give --keys and --pool";
const WITHOUT_SCHEMA: &str = "schema, tiers presented, values: give --schema";

/// A value that is missing may be found missing before the tags are looked at, or after.
fn passed(reason: Reason, judged: &Judged<'_>) -> usize {
    match reason {
        Reason::MissingDerived if !judged.proven.is_empty() => 6,
        _ => advice::step(reason),
    }
}

impl Refused {
    fn of(refusal: &AnyRefusal, judged: &Judged<'_>) -> Self {
        Self {
            reason: refusal.reason,
            tier: refusal.tier,
            field: refusal.field.clone(),
            key: refusal.key,
            advice: advice::on(refusal.reason, !judged.proven.is_empty()),
        }
    }
}
