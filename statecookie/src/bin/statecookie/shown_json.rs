//! What `inspect` says, as JSON.

use serde_json::{Value, json};
use statecookie::outside::{Judged, SchemaMatch};
use statecookie::{InspectedCookie, InspectedRoot};

use crate::inspect::View;
use crate::values::{self, hex};

pub(crate) fn as_json(view: &View<'_>) -> Value {
    let seen = view.seen;
    let mut json = json!({
        "kind": seen.kind.to_string(),
        "len": seen.len,
        "verified": view.is_proven(),
        "root": seen.root.as_ref().map(root),
        "cookies": seen.cookies.iter().map(|seen| cookie(seen, view)).collect::<Vec<_>>(),
        "derived_len": seen.derived_len,
    });
    let Some(object) = json.as_object_mut() else {
        return json;
    };
    if let Some((_, looked)) = view.schema {
        object.insert("schema".to_owned(), json!(schema(looked.schema)));
        if let Some((fields, left)) = &looked.derived {
            object.insert("derived".to_owned(), values::as_json(fields));
            object.insert("derived_left".to_owned(), json!(left));
        }
    }
    if let Some(judged) = view.judged {
        object.insert("refusal".to_owned(), refusal(judged));
        object.insert("unchecked".to_owned(), json!(judged.unchecked));
    }
    json
}

fn refusal(judged: &Judged<'_>) -> Value {
    let refusal = judged.verdict.as_ref().err();
    json!(refusal.map(ToString::to_string))
}

fn schema(seen: SchemaMatch) -> &'static str {
    match seen {
        SchemaMatch::Same => "same",
        SchemaMatch::Unsaid => "unsaid",
        _ => "another",
    }
}

fn root(root: &InspectedRoot) -> Value {
    json!({
        "required": root.required,
        "schema_hash": hex(&root.schema_hash),
        "key_id": root.key_id.0,
        "session": hex(&root.session),
        "branch": hex(&root.branch),
        "born": root.born.as_secs(),
        "end": root.end.as_secs(),
    })
}

fn cookie(cookie: &InspectedCookie, view: &View<'_>) -> Value {
    let mut json = json!({
        "tier": cookie.tier.index(),
        "tiers": cookie.tiers,
        "vector": cookie.vector,
        "link": cookie.link.as_ref().map(|link| hex(link)),
        "not_before": cookie.not_before.map(|time| time.as_secs()),
        "life": cookie.life.as_secs(),
        "len": cookie.len,
        "immutable_len": cookie.immutable_len,
        "private_len": cookie.private_len,
        "mutable_len": cookie.mutable_len,
    });
    let Some(object) = json.as_object_mut() else {
        return json;
    };
    if view.schema.is_some() {
        let fields = view.fields(cookie.tier);
        object.insert("fields".to_owned(), values::as_json(fields));
        object.insert("left".to_owned(), json!(view.left(cookie.tier)));
    }
    if let Some(judged) = view.judged {
        let proven = judged.proven.contains(cookie.tier);
        object.insert("proven".to_owned(), json!(proven));
    }
    json
}
