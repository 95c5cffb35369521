//! What must hold once a state was accepted: it is within its bounds, and what is issued next restores to the same.

use arbitrary::Unstructured;
use statecookie::{
    FlushError, Jar, Merged, Reason, Refusal, Resumed, TierSet, Timestamp, ViewError,
};

use crate::judge::judge;
use crate::naive::{Blob, Kind, put_prefixed};
use crate::server::{Pooled, Presented, Server, derived_of, values_of};
use crate::states::State;

/// A resumed session issues something newer than what was presented, and the next server restores the same state.
pub(crate) fn goes_on<S: State>(server: &Pooled<S>, presented: &Presented, mut resumed: Resumed<S>)
where
    Pooled<S>: Server,
{
    let everything = TierSet::down_from(statecookie::Tier::new(7).expect("8 tiers at most"));
    assert!(resumed.session.__check(everything).is_ok());
    assert!(resumed.session.__validate().is_ok());
    let id = resumed.session.id();
    let update = match resumed
        .session
        .flush_full_at(Timestamp::from_millis(presented.now))
    {
        Ok(update) => update.into_bytes(),
        // Values that a client made may take more bytes than it presented: varints of counters grow.
        Err(FlushError::NoSigningKey | FlushError::TooLong { .. }) => return,
        Err(error) => panic!("accepted, but then: {error}"),
    };
    let derived = derived_of(&*resumed.session);
    let derived = server.facts().derives.then_some(&derived[..]);
    let next = Presented {
        bytes: supplied(&update, derived),
        request: false,
        ..presented.clone()
    };
    let again = server.present(&next).expect("what was just issued");
    // As bytes: what is not a number is not equal to itself.
    assert_eq!(values_of(&*again.session), values_of(&*resumed.session));
    assert_eq!(derived_of(&*again.session), derived_of(&*resumed.session));
    assert!(again.defaulted.is_empty());
    is_newer(&presented.bytes, &update, id == resumed.session.id());
}

/// A jar that holds what was presented goes over to what was issued next.
fn is_newer(before: &[u8], after: &[u8], same_session: bool) {
    let mut jar = Jar::new();
    let update = as_update(before);
    // Where the lowest tiers were left away, it is no update.
    if jar.merge(&update).is_err() {
        return;
    }
    let expected = if same_session {
        Merged::Updated
    } else {
        Merged::OtherSession
    };
    assert_eq!(jar.merge(after), Ok(expected));
}

/// The view of a jar shows what a server restores, and its setters let in what a server accepts.
pub(crate) fn is_seen<S: State>(
    server: &Pooled<S>,
    jar: &mut Jar,
    presented: &Presented,
    u: &mut Unstructured<'_>,
) where
    Pooled<S>: Server,
{
    let restored = server.present(presented);
    let mut view = match (jar.view::<S>(), &restored) {
        (Ok(view), _) => view,
        (Err(error), Err(refusal)) => return is_alike(&error, refusal),
        (Err(error), Ok(resumed)) => {
            // What has expired is not read by a server.
            assert!(
                !resumed.defaulted.is_empty(),
                "only a server takes it: {error}"
            );
            return;
        }
    };
    is_the_same(server, presented, &restored, &view);
    let Ok((done, within)) = S::poke(&mut view, u) else {
        return;
    };
    assert_eq!(done, within);
    drop(view);
    let bundle = Presented {
        bytes: jar.bundle().expect("the jar holds a chain"),
        ..presented.clone()
    };
    let Ok(view) = jar.view::<S>() else {
        panic!("the setter took what the view does not");
    };
    is_the_same(server, &bundle, &server.present(&bundle), &view);
}

/// The server restores what the view shows, or refuses it for what no keyless client can know.
fn is_the_same<S: State>(
    server: &Pooled<S>,
    presented: &Presented,
    restored: &Result<Resumed<S>, Refusal>,
    view: &S::View<'_>,
) where
    Pooled<S>: Server,
{
    let reason = match restored {
        Ok(resumed) if resumed.defaulted.is_empty() => {
            return assert!(resumed.session.is_shown_by(view));
        }
        Ok(_) => return,
        Err(refusal) => refusal.reason,
    };
    let Presented {
        bytes,
        identity,
        now,
        ..
    } = presented;
    match judge(server.facts(), bytes, *identity, *now) {
        // Its values are at fault: the private ones, their combination, or the defaults of what has expired.
        Ok(passed) => assert!(match reason {
            Reason::InternalMismatch | Reason::Invalid => true,
            Reason::OutOfRange => passed.expired || passed.derived.is_some(),
            _ => false,
        }),
        Err(expected) => assert_eq!(reason, expected),
    }
}

/// Where a server came as far as the values, it refuses them as the view does.
fn is_alike(error: &ViewError, refusal: &Refusal) {
    let alike = match refusal.reason {
        Reason::MalformedValue => matches!(
            error,
            ViewError::Malformed { .. } | ViewError::OutOfRange(_)
        ),
        Reason::OutOfRange => matches!(
            error,
            ViewError::OutOfRange(_) | ViewError::Malformed { .. }
        ),
        Reason::Invalid => false,
        _ => true,
    };
    assert!(alike, "{error} at the client, {refusal} at the server");
}

/// The blob as the server would have sent it: without what the client supplied.
pub(crate) fn as_update(bytes: &[u8]) -> Vec<u8> {
    let blob = Blob::read(bytes, usize::MAX).ok();
    let own = blob.and_then(|blob| {
        let derived = blob.derived?;
        let mut section = Vec::new();
        put_prefixed(&mut section, derived);
        blob.unpadded.strip_suffix(&section[..])
    });
    let mut update = own.unwrap_or(bytes).to_vec();
    if let Some(kind) = update.first_mut() {
        *kind &= !(3 << 3);
    }
    update
}

/// An update as a bundle with these derived values, where the schema has such.
pub(crate) fn supplied(update: &[u8], derived: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = update.to_vec();
    let (Some(derived), Ok(blob)) = (derived, Blob::read(update, usize::MAX)) else {
        return bytes;
    };
    bytes.truncate(blob.unpadded.len());
    bytes[0] |= 2 << 3;
    put_prefixed(&mut bytes, derived);
    bytes
}

/// Whether the bytes are a full update: then a jar can hold them.
pub(crate) fn is_full_update(bytes: &[u8]) -> bool {
    Blob::read(bytes, usize::MAX)
        .is_ok_and(|blob| blob.kind == Kind::Update && blob.cookies[0].header.root.is_some())
}
