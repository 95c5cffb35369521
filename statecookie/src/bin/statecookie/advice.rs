//! What a reason means, and what the operator or the client's engineer should do.

use statecookie::Reason;

/// In two sentences or so each.
pub(crate) struct Advice {
    pub(crate) means: &'static str,
    pub(crate) to_do: &'static str,
}

/// How many of the checks of section 11 were good before this one failed.
pub(crate) fn step(reason: Reason) -> usize {
    match reason {
        Reason::TooLarge => 0,
        Reason::UnknownVersion | Reason::Malformed | Reason::Unlinked => 1,
        Reason::UnknownSchema => 2,
        Reason::MissingTier | Reason::MissingDerived => 3,
        Reason::UnknownKey | Reason::KeyRevoked | Reason::KeyExpired => 4,
        Reason::BadTag
        | Reason::Revoked
        | Reason::SessionEnded
        | Reason::NotYetValid
        | Reason::Expired => 5,
        Reason::InternalMismatch | Reason::MalformedValue | Reason::OutOfRange => 6,
        _ => 7,
    }
}

/// The checks of section 11 of the wire format, in their order.
pub(crate) const CHECKS: [&str; 8] = [
    "size",
    "structure",
    "schema",
    "tiers presented",
    "key",
    "tags and times",
    "values",
    "the struct's own validation",
];

/// The advice; `proven`: some tag above is good.
pub(crate) fn on(reason: Reason, proven: bool) -> Advice {
    if proven && reason == Reason::BadTag {
        return Advice {
            means: "The tags above are good, so pool, key and identity are right; this cookie's signed bytes are not what a server issued under them.",
            to_do: "Changed or forged: look at what carries it, and at the client. No server makes such a cookie.",
        };
    }
    let (means, to_do) = of_claims(reason)
        .or_else(|| of_keys_and_times(reason))
        .unwrap_or_else(|| of_values(reason));
    Advice { means, to_do }
}

type Pair = (&'static str, &'static str);

fn of_claims(reason: Reason) -> Option<Pair> {
    Some(match reason {
        Reason::TooLarge => (
            "It is longer than the pool's limit.",
            "Client: send the bundle alone, and keep own values short. Operator: if it is one, raise `Limits::bytes` on every server, and the carrier's limit with it.",
        ),
        Reason::UnknownVersion => (
            "It begins with another format version, or with bytes of something else.",
            "Look at the carrier first: cut at the front, decoded twice, another cookie's value. If a newer release issued it, update this server.",
        ),
        Reason::Malformed => (
            "It is not the form of a bundle for this schema: bytes are cut, added or changed, or it is only a part.",
            "Client: present what `Jar::bundle` gives, not an update of the server. Operator: look at what carries it: length limits, re-encoding, a proxy.",
        ),
        Reason::Unlinked => (
            "Its cookies do not belong together: they are of several chains, sessions or points in time.",
            "Client: present what one `Jar` gives, and do not put cookies together by hand. Where each travels in an HTTP cookie of its own, old ones may be left under another path or domain.",
        ),
        Reason::UnknownSchema => (
            "It was issued for another schema: name, version, a field, a type's text or a bound differs.",
            "In a rolling deploy servers of both schemas run: the client comes through once it meets one of its own, or starts anew. Otherwise compare `Schema::to_json` of the servers; it may also be another application's.",
        ),
        Reason::MissingTier => (
            "A cookie is not there that the session needs.",
            "Client: ask the server for a full update when the jar says `NeedsFull`, and present all cookies. Operator: look for a carrier that drops the largest ones.",
        ),
        Reason::MissingDerived => (
            "The client has not supplied the value of a derived field; no cookie carries it.",
            "Client: set it with `Jar::bundle_with` or in the view. A full update that is presented as it is lacks it always.",
        ),
        _ => return None,
    })
}

fn of_keys_and_times(reason: Reason) -> Option<Pair> {
    Some(match reason {
        Reason::UnknownKey => (
            "The ring holds no key of that id.",
            "If a server of this pool issued it lately, this ring is behind: bring the newest file here, and compare fingerprints. An old id was dropped when it was over; an id that never was is a forgery or another pool's.",
        ),
        Reason::KeyRevoked => (
            "The key was revoked. Every cookie under it is refused, whatever its times say.",
            "That is what `keys revoke` is for: the client starts anew. If the key did not leak, there is no way back but the ring as it was.",
        ),
        Reason::KeyExpired => (
            "The key's time to be accepted is over. There is no leeway for keys.",
            "The client was away for too long, and starts anew. If it was not: this server's clock is ahead, or the ring's windows are too short for the schema (`keys list`).",
        ),
        Reason::BadTag => (
            "It is not what a server signed with this key, for this pool, schema and client, under this parent.",
            "Check in this order: the pool's name, letter by letter; --identity, if sessions are bound (or left out, if not); that this is the server's ring, by comparing the fingerprint with `Pool::fingerprint` there: another secret under the same id looks just so. If all three are right, the bytes were changed or forged.",
        ),
        Reason::Revoked => (
            "The session was given up: it was born before `refuse_born_before`, or refused by its id.",
            "That is meant: the client starts anew.",
        ),
        Reason::SessionEnded => (
            "The session has reached its absolute end, however often it was renewed. There is no leeway.",
            "The client starts anew. If that comes too early for the application, raise `session_max`; it holds for new sessions.",
        ),
        Reason::NotYetValid => (
            "It is from the future: the server that issued it had a clock ahead of this one by more than the leeway.",
            "Compare the clocks of the servers (`chronyc tracking`, `timedatectl`); it is good as soon as this one has caught up. Raise the leeway only if they cannot be kept closer.",
        ),
        Reason::Expired => (
            "It is older than its tier allows.",
            "The client was away for longer than `valid_for`, or lost the updates that renewed it: it starts anew. If it happens to many, lengthen `valid_for`, or declare the lowest tiers `or_default`. If the client was not away, this server's clock is ahead.",
        ),
        _ => return None,
    })
}

fn of_values(reason: Reason) -> Pair {
    match reason {
        Reason::InternalMismatch => (
            "The tag is good, so a server of this pool wrote it; but this schema reads something else there. The servers' types differ under one version.",
            "Give the schema another `version` with every change inside a type of an immutable or private field, and deploy again. No client can cause it.",
        ),
        Reason::MalformedValue => (
            "The client's own values are not in the form of their types. Nobody signs them, so anybody on the way may have changed them.",
            "Client: write them with the library's view, or as the wire format says, section 2: greatest lengths, shortest numbers, nothing behind the last one.",
        ),
        Reason::OutOfRange => (
            "The client's own value is outside the bound that the schema declares.",
            "Client: its view refuses such a value, so it was written past it, or for another schema; a client that tries its luck looks the same. If the value should be allowed, widen the bound; that changes the schema.",
        ),
        _ => (
            "The server's own check of the whole state refuses it.",
            "Look at the struct's `validate`.",
        ),
    }
}
