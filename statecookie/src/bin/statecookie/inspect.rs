//! `inspect`: what an update, a bundle or a cookie claims; with a schema its public values, with keys what is proven.

use statecookie::outside::{AnySchema, AnyTier, FoundField, Judged, Looked};
use statecookie::{BlobKind, Class, Inspection, Reason, Tier};

use crate::args::Inspect;
use crate::fault::Fault;
use crate::input::Input;
use crate::{shown, shown_json};

/// The text, and whether everything is proven that was to be.
pub(crate) fn inspect(asked: &Inspect, json: bool) -> Result<(String, bool), Fault> {
    let input = Input::read(&asked.what)?;
    let Some(schema) = asked.against.schema()? else {
        let view = View::of(&input.seen);
        return Ok((print(&view, json), true));
    };
    let looked = look(&schema, &input)?;
    let server = match asked.against.keys {
        Some(_) => Some(asked.against.server(schema.clone())?),
        None => None,
    };
    let presented = presentable(&input, &schema);
    let server = server.as_ref();
    let judged = server.map(|server| server.judge(&presented, asked.show_private));
    let view = View {
        schema: Some((&schema, &looked)),
        judged: judged.as_ref(),
        shows_private: asked.show_private,
        ..View::of(&input.seen)
    };
    let good = judged.is_none() || view.is_proven();
    Ok((print(&view, json), good))
}

fn look<'s>(schema: &'s AnySchema, input: &Input) -> Result<Looked<'s>, Fault> {
    Ok(match input.seen.kind {
        BlobKind::Cookie => schema.look_at_cookie(&input.bytes)?,
        _ => schema.look(&input.bytes)?,
    })
}

/// An update has no derived values, and is refused for that before a tag is looked at; with an empty section it comes to the tags.
fn presentable(input: &Input, schema: &AnySchema) -> Vec<u8> {
    let mut bytes = input.bytes.clone();
    let derives = schema.fields().any(|field| field.class() == Class::Derived);
    if let (BlobKind::Update, true, Some(kind)) = (input.seen.kind, derives, bytes.first_mut()) {
        *kind |= DERIVED;
        bytes.push(0);
        if statecookie::inspect(&bytes).is_ok() {
            return bytes;
        }
    }
    input.bytes.clone()
}

/// The kind of a bundle with a derived section: see the wire format, section 8.
const DERIVED: u8 = 2 << 3;

fn print(view: &View<'_>, json: bool) -> String {
    match json {
        true => format!("{}\n", shown_json::as_json(view)),
        false => shown::as_text(view),
    }
}

/// Everything that is known of the bytes.
pub(crate) struct View<'v> {
    pub(crate) seen: &'v Inspection,
    pub(crate) schema: Option<(&'v AnySchema, &'v Looked<'v>)>,
    pub(crate) judged: Option<&'v Judged<'v>>,
    pub(crate) shows_private: bool,
}

impl<'v> View<'v> {
    fn of(seen: &'v Inspection) -> Self {
        Self {
            seen,
            schema: None,
            judged: None,
            shows_private: false,
        }
    }

    /// The fields of a tier: as they were proven, if they were.
    pub(crate) fn fields(&self, tier: Tier) -> &'v [FoundField<'v>] {
        let judged = self.judged.map_or(&[][..], |judged| &judged.tiers);
        let found = judged
            .iter()
            .chain(self.looked())
            .find(|of| of.tier == tier);
        found.map_or(&[], |tier| &tier.fields)
    }

    /// Bytes that belong to no field.
    pub(crate) fn left(&self, tier: Tier) -> [usize; 2] {
        let found = self.looked().iter().find(|of| of.tier == tier);
        found.map_or([0; 2], |tier| tier.left)
    }

    fn looked(&self) -> &'v [AnyTier<'v>] {
        self.schema.map_or(&[], |(_, looked)| &looked.tiers)
    }

    /// Whether a server restores it, or would, had the client added its derived values to the update.
    pub(crate) fn is_proven(&self) -> bool {
        self.judged.is_some_and(|judged| match &judged.verdict {
            Ok(_) => true,
            Err(refusal) => {
                self.seen.kind == BlobKind::Update
                    && refusal.reason == Reason::MissingDerived
                    && judged.proven.len() == self.seen.cookies.len()
            }
        })
    }

    /// Whether it can be proven at all: what has no root hangs on a parent that is not here.
    pub(crate) fn stands_alone(&self) -> bool {
        self.seen.root.is_some() && self.seen.kind != BlobKind::Cookie
    }
}
