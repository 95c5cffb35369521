//! Resuming: without a valid tag, with tags made good again, and with chains that were signed as the bytes wanted them.

use arbitrary::{Result, Unstructured};
use statecookie::{Jar, Reason};

use crate::aftermath::{as_update, is_full_update, supplied};
use crate::heap;
use crate::judge::{Passed, judge};
use crate::plan::{self, Planned};
use crate::reached::{self, Success};
use crate::resign::resign;
use crate::server::{Presented, SERVERS, Server};

/// `resume_raw`: the first bytes say who presents it where and when, the rest is presented as it is.
pub fn raw(data: &[u8]) {
    let _ = circumstances(data).map(|(server, presented, _)| {
        compare(server, &presented, false);
    });
}

/// `resume_resigned`: the same, but links and tags are made good again, and private values encrypted.
pub fn resigned(data: &[u8]) {
    let _ = circumstances(data).map(|(server, mut presented, adopt)| {
        presented.bytes = resign(server.facts(), &presented.bytes, presented.identity, adopt);
        compare(server, &presented, false);
    });
}

/// `resume_signed`: chains as the bytes plan them.
pub fn signed(data: &[u8]) {
    if let Ok(planned) = plan::plan(&mut Unstructured::new(data)) {
        let Planned {
            server,
            presented,
            honest_values,
        } = planned;
        compare(server, &presented, honest_values);
    }
}

/// What a plan presents, as the bytes of `resume_raw`.
pub fn planned_as_raw(plan: &[u8]) -> Option<Vec<u8>> {
    let planned = plan::plan(&mut Unstructured::new(plan)).ok()?;
    let Presented {
        bytes,
        identity,
        now,
        request,
    } = planned.presented;
    let identity = IDENTITIES.iter().rposition(|known| *known == identity)?;
    let flags = identity as u8 | u8::from(request) << 2;
    let server = plan.first()?;
    Some([&[*server, flags, 7][..], &now.to_le_bytes(), &bytes].concat())
}

/// `view`: what the client sees of such a chain, against what a server makes of it.
pub fn view(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok(Planned {
        server,
        mut presented,
        ..
    }) = plan::plan(&mut u)
    else {
        return;
    };
    let update = as_update(&presented.bytes);
    let mut jar = Jar::new();
    if is_full_update(&update) && jar.merge(&update).is_ok() {
        presented.bytes = supplied(&update, server.honest_derived());
        server.view(&mut jar, &presented, &mut u);
    }
}

const IDENTITIES: [Option<&[u8]>; 4] = [None, None, Some(b"user:42"), Some(b"")];

fn circumstances(data: &[u8]) -> Result<(&'static dyn Server, Presented, bool)> {
    let mut u = Unstructured::new(data);
    let server = &*SERVERS[usize::from(u.arbitrary::<u8>()?) % SERVERS.len()];
    let flags = u.arbitrary::<u8>()?;
    let now = plan::time(&mut u)?;
    let presented = Presented {
        identity: IDENTITIES[usize::from(flags & 3)],
        now,
        request: flags & 4 != 0,
        bytes: u.take_rest().to_vec(),
    };
    Ok((server, presented, flags & 8 == 0))
}

/// Presents, and holds what comes of it against the judgement.
fn compare(server: &dyn Server, presented: &Presented, honest_values: bool) {
    let Presented {
        bytes,
        identity,
        now,
        request,
    } = presented;
    let expected = judge(server.facts(), bytes, *identity, *now);
    let (found, peak) = heap::peak(|| server.resume(presented));
    match (found, expected) {
        (Ok(restored), Ok(passed)) => {
            let (values, defaulted) = (restored.values, restored.defaulted);
            assert_eq!(restored.derived, passed.derived.unwrap_or_default());
            let first = values.len() - passed.counted.len();
            assert_eq!(defaulted.iter().count(), first);
            assert!(defaulted.iter().all(|tier| tier.index() < first));
            for ((cookie, plain), values) in passed.counted.iter().zip(values.iter().rev()) {
                let [immutable, private, mutable] = values;
                let [open, hidden] = server.have_one_form();
                assert_eq!(cookie.mutable, mutable);
                assert!(!open || cookie.immutable == immutable);
                if let (Some(plain), true) = (plain, hidden) {
                    is_padded(plain, private, server.facts().pad);
                }
            }
            record(server, &passed, *identity, *request);
        }
        (Err(refusal), Err(reason)) => {
            assert_eq!(refusal.reason, reason, "{refusal}");
            assert!(peak <= 4096, "refusing {} bytes took {peak}", bytes.len());
            reached::refused(reason);
        }
        (Err(refusal), Ok(passed)) => {
            let of_values = matches!(
                refusal.reason,
                Reason::InternalMismatch
                    | Reason::MalformedValue
                    | Reason::OutOfRange
                    | Reason::Invalid
            );
            // The section is there, and ends too early.
            let of_values =
                of_values || (refusal.reason == Reason::MissingDerived && server.facts().derives);
            assert!(of_values, "{refusal}");
            let defaulted = passed.missing || passed.expired;
            assert!(
                !honest_values || (defaulted && !server.defaults_hold()),
                "{refusal}"
            );
            reached::refused(refusal.reason);
        }
        (Ok(_), Err(reason)) => panic!("accepted, but {reason}"),
    }
}

fn is_padded(plain: &[u8], value: &[u8], pad: usize) {
    let padding = plain
        .strip_prefix(value)
        .expect("the plaintext begins with the value");
    assert!(padding.len() < pad && padding.iter().all(|byte| *byte == 0));
}

fn record(server: &dyn Server, passed: &Passed<'_>, identity: Option<&[u8]>, request: bool) {
    let tiers = &server.facts().tiers;
    let defaultable = tiers.iter().any(|tier| tier.or_default);
    let private = tiers.iter().any(|tier| tier.private);
    let kinds = [
        (Success::Plain, !private),
        (Success::Private, private),
        (Success::Bound, identity.is_some()),
        (
            Success::Complete,
            defaultable && !passed.missing && !passed.expired,
        ),
        (Success::Missing, passed.missing),
        (Success::Expired, passed.expired),
        (Success::Derived, passed.derived.is_some()),
    ];
    let reached = kinds.into_iter().filter(|(_, reached)| *reached);
    reached.for_each(|(kind, _)| reached::resumed(request, kind));
}
