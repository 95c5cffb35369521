//! Section 11: what a server must say to these bytes, under these circumstances.

use statecookie::Reason;

use super::issued::Issued;
use super::keys::{KeyFacts, millis};
use super::ledger::Ledger;
use super::shown::Shown;
use crate::schemas::{Facts, Known};
use crate::wire::MOST_TIERS;
use crate::wire::blob::{Blob, Piece};
use crate::wire::head::RootHead;

/// What the oracle knows of one server.
#[derive(Clone, Debug)]
pub(crate) struct ServerFacts {
    /// The schema as the server was built with it.
    pub(crate) schema: Facts,
    /// Its keys.
    pub(crate) keys: KeyFacts,
    /// Its leeway, in milliseconds.
    pub(crate) leeway: u64,
    /// The most bytes of a blob.
    pub(crate) limit: usize,
    /// Sessions born before are refused, in seconds.
    pub(crate) refused_before: u64,
}

/// How a blob is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Circumstances {
    /// The server's number.
    pub(crate) server: usize,
    /// The server's time, in milliseconds.
    pub(crate) now: u64,
    /// Who the client is, if it is anybody.
    pub(crate) identity: Option<usize>,
}

/// What a server must restore.
#[derive(Clone, Debug)]
pub(crate) struct Expected<S> {
    /// The state.
    pub(crate) state: S,
    /// The lowest tiers, whose fields took their defaults: how many.
    pub(crate) defaulted: usize,
    /// How long ago the newest cookie became valid, in milliseconds.
    pub(crate) age: u64,
    /// How far ahead the issuer's clock was, in milliseconds.
    pub(crate) skew: u64,
    /// The key id.
    pub(crate) key: u32,
}

/// A chain whose cookies are known to have been issued, and are in time.
struct Proven<'a> {
    /// Each cookie with its number.
    cookies: [Option<(usize, &'a Piece<'a>)>; MOST_TIERS],
    defaulted: usize,
    newest: u64,
}

impl<S: Known> Ledger<S> {
    /// What `server` must say to `blob`.
    pub(crate) fn judge(
        &self,
        server: &ServerFacts,
        shown: &Circumstances,
        blob: &[u8],
    ) -> Result<Expected<S>, Reason> {
        if blob.len() > server.limit {
            return Err(Reason::TooLarge);
        }
        let blob = Blob::read(blob).map_err(|wrong| wrong.0)?;
        let root = blob.first().and_then(|piece| piece.head.root);
        let root = root.ok_or(Reason::Malformed)?;
        let missing = self.check_claims(server, &root, &blob)?;
        server.keys.accepting(root.key, shown.now)?;
        let proven = self.prove(server, shown, &root, &blob, missing)?;
        if server.schema.reads_other_types {
            return Err(Reason::InternalMismatch);
        }
        Ok(Expected {
            state: self.restore(&proven, blob.derived)?,
            defaulted: proven.defaulted,
            age: shown.now.saturating_sub(millis(proven.newest)),
            skew: millis(proven.newest).saturating_sub(shown.now),
            key: root.key,
        })
    }

    /// Steps 3 and 4; gives the number of missing tiers.
    fn check_claims(
        &self,
        server: &ServerFacts,
        root: &RootHead,
        blob: &Blob<'_>,
    ) -> Result<usize, Reason> {
        let facts = &server.schema;
        let known = blob
            .pieces()
            .all(|piece| piece.head.tiers() == facts.tiers());
        if !known || Some(root.hash) != self.hash {
            return Err(Reason::UnknownSchema);
        }
        if blob.derived.is_some() && !facts.derives {
            return Err(Reason::Malformed);
        }
        let fits = |piece: &Piece<'_>| {
            let tier = piece.head.tier();
            piece.head.says_immutable() == facts.immutable.contains(&tier)
                && piece.head.says_private() == facts.private.contains(&tier)
        };
        if !blob.pieces().all(fits) {
            return Err(Reason::Malformed);
        }
        let missing = facts.tiers() - blob.pieces().count();
        let most = facts
            .or_default
            .min(facts.tiers() - usize::from(root.required));
        if missing > most {
            Err(Reason::MissingTier)
        } else if facts.derives && blob.derived.is_none() {
            Err(Reason::MissingDerived)
        } else {
            Ok(missing)
        }
    }

    /// Step 6: every cookie is one that was issued, under the one before it, and in time.
    fn prove<'a>(
        &self,
        server: &ServerFacts,
        shown: &Circumstances,
        root: &RootHead,
        blob: &'a Blob<'a>,
        missing: usize,
    ) -> Result<Proven<'a>, Reason> {
        let facts = &server.schema;
        let may_miss = facts
            .or_default
            .min(facts.tiers() - usize::from(root.required));
        let end = (root.born.saturating_add(root.lifetime))
            .min(root.born.saturating_add(facts.session_max));
        let mut proven = Proven {
            cookies: [None; MOST_TIERS],
            defaulted: missing,
            newest: 0,
        };
        let (mut parent, mut ceiling, mut base) = (None, end, root.born);
        for piece in blob.pieces() {
            let tier = piece.head.tier();
            let number = self.find(piece.signed);
            let was_issued =
                |cookie: &Issued| cookie.parent == parent && cookie.identity == shown.identity;
            let number = number.filter(|number| was_issued(self.cookie(*number)));
            let number = number.ok_or(Reason::BadTag)?;
            if parent.is_none() {
                if root.born < server.refused_before {
                    return Err(Reason::Revoked);
                }
                if shown.now >= millis(end) {
                    return Err(Reason::SessionEnded);
                }
            }
            let cookie = self.cookie(number);
            base = cookie.not_before.max(base);
            if shown.now.saturating_add(server.leeway) < millis(cookie.not_before) {
                return Err(Reason::NotYetValid);
            }
            let longest = cookie.not_before.saturating_add(facts.valid_secs(tier));
            ceiling = ceiling.min(cookie.not_after).min(longest);
            if shown.now > millis(ceiling).saturating_add(server.leeway) {
                if tier >= may_miss {
                    return Err(Reason::Expired);
                }
                proven.defaulted = proven.defaulted.max(tier + 1);
            }
            proven.cookies[tier] = Some((number, piece));
            parent = Some(number);
        }
        proven.newest = base;
        Ok(proven)
    }

    /// Steps 7 and 8.
    fn restore(&self, proven: &Proven<'_>, derived: Option<&[u8]>) -> Result<S, Reason> {
        let mut shown = Shown::new(derived.unwrap_or_default());
        for (tier, cookie) in proven.cookies.iter().enumerate().skip(proven.defaulted) {
            if let Some((number, piece)) = cookie {
                shown.put(tier, self.state_at(*number), piece.mutable);
            }
        }
        shown.restored()
    }
}
