//! What `inspect` says, for people.

use statecookie::outside::{AnySchema, Judged, SchemaMatch};
use statecookie::{BlobKind, Class, InspectedCookie, InspectedRoot, Inspection};

use crate::inspect::View;
use crate::list;
use crate::page::{Page, wrapped};
use crate::values::{self, hex};

pub(crate) fn as_text(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.line(&heading(view.seen));
    if let Some(judged) = view.judged {
        page.row("verdict", verdict(view, judged));
    }
    if let Some(root) = &view.seen.root {
        root_rows(&mut page, root, view.seen);
    }
    if let Some((schema, looked)) = view.schema {
        page.row("schema", said_of_schema(schema, looked.schema));
    }
    for cookie in &view.seen.cookies {
        cookie_rows(&mut page, cookie);
        if let Some(judged) = view.judged {
            page.row("tag", tag(cookie, judged));
        }
        values::as_text(&mut page, view.fields(cookie.tier));
        private_rows(&mut page, view, cookie);
        let left = view.left(cookie.tier);
        left.into_iter().for_each(|left| left_row(&mut page, left));
    }
    derived_rows(&mut page, view);
    if view.judged.is_none() {
        page.line("");
        wrapped(
            &mut page,
            "",
            "Nothing of this is proven: anybody may have written it.",
        );
    }
    page.finish()
}

fn heading(seen: &Inspection) -> String {
    let cookies = match seen.cookies.len() {
        _ if seen.kind == BlobKind::Cookie => return format!("one cookie, {} bytes", seen.len),
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

fn verdict(view: &View<'_>, judged: &Judged<'_>) -> String {
    match &judged.verdict {
        _ if !view.stands_alone() => {
            "cannot be proven: its parent is not here; give the whole bundle".to_owned()
        }
        Err(_) if view.is_proven() => {
            "proven; the client has to add its derived values to it".to_owned()
        }
        Err(refusal) => format!("REFUSED: {refusal}; `statecookie explain` says more"),
        Ok(_) if judged.unchecked.is_empty() => "proven; a server restores it".to_owned(),
        Ok(_) => "proven; a server restores it, if it finds the unchecked values good".to_owned(),
    }
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
            format!("{name}, if the given one is right: only a root has the hash")
        }
        SchemaMatch::Other { expected, .. } => {
            format!(
                "ANOTHER ONE: the hash of {name} is {}; no values are read",
                hex(&expected)
            )
        }
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
        immutable_len: immutable,
        private_len: private,
        mutable_len: mutable,
        ..
    } = cookie;
    let lengths = format!("immutable {immutable}, private {private}, mutable {mutable} bytes");
    page.row("sections", lengths);
}

fn valid(cookie: &InspectedCookie) -> String {
    let life = humantime::format_duration(cookie.life);
    match cookie.not_before {
        Some(from) => {
            let until = from.saturating_add(cookie.life);
            format!("{} to {}, {life}", list::text(from), list::text(until))
        }
        None => format!("for {life}; from when, only the whole chain tells"),
    }
}

fn tag(cookie: &InspectedCookie, judged: &Judged<'_>) -> &'static str {
    match judged.proven.contains(cookie.tier) {
        true => "proven",
        false => "NOT PROVEN",
    }
}

/// That there are private fields, where their values are not shown.
fn private_rows(page: &mut Page, view: &View<'_>, cookie: &InspectedCookie) {
    let Some((schema, looked)) = view.schema else {
        return;
    };
    if !matches!(looked.schema, SchemaMatch::Same | SchemaMatch::Unsaid) {
        return;
    }
    let of_tier = schema.fields().filter(|field| field.tier() == cookie.tier);
    for field in of_tier.filter(|field| field.class() == Class::Private) {
        let mut shown = view.fields(cookie.tier).iter();
        if !shown.any(|shown| shown.field.name() == field.name()) {
            let ty = field.type_text().escape_debug();
            let how = if view.shows_private {
                "not proven"
            } else {
                "not shown"
            };
            let name = field.name().escape_debug().to_string();
            page.noted(&name, how, &format!("(private {ty})"));
        }
    }
}

fn derived_rows(page: &mut Page, view: &View<'_>) {
    let Some(len) = view.seen.derived_len else {
        return;
    };
    page.line(&format!("derived values, {len} bytes"));
    let looked = view.schema.and_then(|(_, looked)| looked.derived.as_ref());
    if let Some((fields, left)) = looked {
        values::as_text(page, fields);
        left_row(page, *left);
    }
}

fn left_row(page: &mut Page, left: usize) {
    if left > 0 {
        page.row("STRAY", format!("{left} bytes that belong to no field"));
    }
}
