//! `inspect`: what an update, a bundle or a cookie claims, and with a schema its public values.

use serde_json::{Value, json};
use statecookie::outside::{AnySchema, AnyTier, Looked, SchemaMatch};
use statecookie::{BlobKind, InspectedCookie, InspectedRoot, Inspection, Timestamp};

use crate::args::Inspect;
use crate::fault::Fault;
use crate::input::{self, Input};
use crate::list;
use crate::page::Page;
use crate::values::{self, hex};

pub(crate) fn inspect(asked: &Inspect, json: bool) -> Result<String, Fault> {
    let input = Input::read(&asked.what)?;
    let schema = asked.schema.as_ref().map(|path| schema(path)).transpose()?;
    let looked = schema
        .as_ref()
        .map(|schema| look(schema, &input))
        .transpose()?;
    Ok(match json {
        true => format!("{}\n", as_json(&input.seen, looked.as_ref())),
        false => as_text(&input.seen, schema.as_ref().zip(looked.as_ref())),
    })
}

/// The schema of a file with its JSON.
pub(crate) fn schema(path: &std::path::Path) -> Result<AnySchema, Fault> {
    let text = input::text(path, AnySchema::MAX_JSON)?;
    AnySchema::from_json(&text).map_err(|error| Fault::Schema {
        path: path.to_path_buf(),
        error,
    })
}

fn look<'s>(schema: &'s AnySchema, input: &Input) -> Result<Looked<'s>, Fault> {
    Ok(match input.seen.kind {
        BlobKind::Cookie => schema.look_at_cookie(&input.bytes)?,
        _ => schema.look(&input.bytes)?,
    })
}

fn as_text(seen: &Inspection, looked: Option<(&AnySchema, &Looked<'_>)>) -> String {
    let mut page = Page::default();
    page.line(&heading(seen));
    if let Some(root) = &seen.root {
        root_rows(&mut page, root, seen);
    }
    if let Some((schema, looked)) = looked {
        page.row("schema", said_of_schema(schema, looked.schema));
    }
    for cookie in &seen.cookies {
        cookie_rows(&mut page, cookie);
        let mut tiers = looked.iter().flat_map(|(_, looked)| &looked.tiers);
        if let Some(tier) = tiers.find(|tier| tier.tier == cookie.tier) {
            values::as_text(&mut page, &tier.fields);
            left_rows(&mut page, tier);
        }
    }
    if let Some(len) = seen.derived_len {
        page.line(&format!("derived values, {len} bytes"));
        if let Some((fields, left)) = looked.and_then(|(_, looked)| looked.derived.as_ref()) {
            values::as_text(&mut page, fields);
            left_row(&mut page, *left);
        }
    }
    page.line("Nothing of this is proven: who made these bytes may have written anything.");
    page.finish()
}

fn heading(seen: &Inspection) -> String {
    let cookies = match seen.cookies.len() {
        1 if seen.kind == BlobKind::Cookie => return format!("one cookie, {} bytes", seen.len),
        1 => "1 cookie".to_owned(),
        more => format!("{more} cookies"),
    };
    let whole = match (seen.kind, &seen.root) {
        (BlobKind::Update, None) => "partial ",
        (BlobKind::Update, Some(_)) => "full ",
        _ => "",
    };
    format!("{whole}{}, {cookies}, {} bytes", seen.kind, seen.len)
}

fn root_rows(page: &mut Page, root: &InspectedRoot, seen: &Inspection) {
    let tiers = seen.cookies.first().map_or(0, |cookie| cookie.tiers);
    page.row("session", hex(&root.session));
    page.row("branch", hex(&root.branch));
    page.row("key", root.key_id.to_string());
    page.row("hash", hex(&root.schema_hash));
    page.row("born", list::text(root.born));
    page.row("ends", list::text(root.end));
    page.row("requires", format!("{} of {tiers} tiers", root.required));
}

fn said_of_schema(schema: &AnySchema, seen: SchemaMatch) -> String {
    let name = format!(
        "{} version {}",
        schema.name().escape_debug(),
        schema.version()
    );
    match seen {
        SchemaMatch::Same => format!("{name}, by its hash"),
        SchemaMatch::Unsaid => {
            format!("{name}, if the given one is right: without a root no hash tells")
        }
        SchemaMatch::Other { claimed, expected } => format!(
            "ANOTHER ONE: the hash is {}, that of {name} is {}; no values are read",
            hex(&claimed),
            hex(&expected)
        ),
        _ => format!("ANOTHER ONE: tiers or sections are not those of {name}; no values are read"),
    }
}

fn cookie_rows(page: &mut Page, cookie: &InspectedCookie) {
    let root = if cookie.link.is_none() { " (root)" } else { "" };
    page.line(&format!("{}{root}, {} bytes", cookie.tier, cookie.len));
    page.row("sequence", format!("{:?}", cookie.vector));
    if let Some(link) = &cookie.link {
        page.row("link", hex(link));
    }
    page.row("valid", valid(cookie));
    let InspectedCookie {
        immutable_len,
        private_len,
        mutable_len,
        ..
    } = cookie;
    let sections =
        format!("immutable {immutable_len}, private {private_len}, mutable {mutable_len}");
    page.row("sections", format!("{sections} bytes"));
}

fn valid(cookie: &InspectedCookie) -> String {
    let life = humantime::format_duration(cookie.life);
    match cookie.not_before {
        Some(from) => {
            let until: Timestamp = from.saturating_add(cookie.life);
            format!("{} to {}, {life}", list::text(from), list::text(until))
        }
        None => format!("for {life}; from when, only a full update tells"),
    }
}

fn left_rows(page: &mut Page, tier: &AnyTier<'_>) {
    tier.left.iter().for_each(|left| left_row(page, *left));
}

fn left_row(page: &mut Page, left: usize) {
    if left > 0 {
        page.row("STRAY", format!("{left} bytes that belong to no field"));
    }
}

fn as_json(seen: &Inspection, looked: Option<&Looked<'_>>) -> Value {
    let mut json = json!({
        "kind": seen.kind.to_string(),
        "len": seen.len,
        "verified": false,
        "root": seen.root.as_ref().map(root),
        "cookies": seen.cookies.iter().map(|seen| cookie(seen, looked)).collect::<Vec<_>>(),
        "derived_len": seen.derived_len,
    });
    if let (Some(looked), Some(json)) = (looked, json.as_object_mut()) {
        json.insert("schema".to_owned(), json!(schema_word(looked.schema)));
        if let Some((fields, left)) = &looked.derived {
            json.insert("derived".to_owned(), values::as_json(fields));
            json.insert("derived_left".to_owned(), json!(left));
        }
    }
    json
}

fn schema_word(seen: SchemaMatch) -> &'static str {
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

fn cookie(cookie: &InspectedCookie, looked: Option<&Looked<'_>>) -> Value {
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
    let mut tiers = looked.iter().flat_map(|looked| &looked.tiers);
    let tier = tiers.find(|tier| tier.tier == cookie.tier);
    if let (Some(tier), Some(json)) = (tier, json.as_object_mut()) {
        json.insert("fields".to_owned(), values::as_json(&tier.fields));
        json.insert("left".to_owned(), json!(tier.left));
    }
    json
}
