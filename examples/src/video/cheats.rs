//! A viewer who cheats: each attempt goes to a live server, which must answer with its one refusal.
//!
//! Why it was refused is not the cheater's business; the operator's pool, which has the same key, says it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use statecookie::{Jar, Reason};

use super::control::{Answer, Control};
use super::film::{LICENCE_KBPS, TITLE};
use super::operator::Operator;
use super::playback::{Playback, Way};
use super::protocol::{Message, Request};
use crate::Outcome;

/// The port that discards: nobody watches what an accepted attempt is shown.
const NOBODY: u16 = 9;
/// How long a server may take to refuse a command.
const PATIENCE: Duration = Duration::from_secs(12);

/// One attempt.
struct Cheat {
    what: &'static str,
    viewer: String,
    bundle: Vec<u8>,
    expected: Option<Reason>,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The attempt in words.
    pub what: &'static str,
    /// What the operator reads; nothing if it was accepted, as it should be.
    pub operator: Option<String>,
}

/// Tries everything on a live server.
///
/// # Errors
///
/// An attempt was not treated as it must be.
pub fn try_all<P: Playback>(
    operator: &Operator<P>,
    jar: &Jar,
    way: Way,
    server: SocketAddr,
    viewer: &str,
) -> Outcome<Vec<Verdict>> {
    refused_by_the_own_view::<P>(jar)?;
    let cheats = cheats::<P>(jar, viewer)?;
    let verdict = |cheat| attempt(operator, cheat, way, server);
    let verdicts = cheats.into_iter().map(verdict);
    let command = refused_as_a_command::<P>(jar, way, server, viewer);
    verdicts.chain([command]).collect()
}

/// The library's own client does not even present it.
fn refused_by_the_own_view<P: Playback>(jar: &Jar) -> Outcome<()> {
    let mut jar = jar.clone();
    let end = P::seen(&mut jar)?.duration_ms;
    let beyond = P::bundle_at(&mut jar.clone(), end + 1);
    if beyond.is_ok() || P::choose(&mut jar, LICENCE_KBPS + 1).is_ok() {
        return Err("the view took a value that is out of range".into());
    }
    Ok(())
}

/// Every attempt; the first ones are honest, lest the refusals mean nothing.
fn cheats<P: Playback>(jar: &Jar, viewer: &str) -> Outcome<Vec<Cheat>> {
    let mut jar = jar.clone();
    let end = P::seen(&mut jar)?.duration_ms;
    let mut at = |kbps, position_ms| {
        P::choose(&mut jar, kbps)?;
        P::bundle_at(&mut jar, position_ms)
    };
    let slower = at(LICENCE_KBPS - 1, end)?;
    let earlier = at(LICENCE_KBPS, end - 1)?;
    let honest = at(LICENCE_KBPS, end)?;
    let beyond = forged(&honest, &earlier, &varint(end + 1))?;
    let faster = forged(&honest, &slower, &varint(LICENCE_KBPS + 1))?;
    let licence = replaced(&honest, &varint(LICENCE_KBPS), &varint(16_000))?;
    let title = replaced(&honest, TITLE.as_bytes(), b"Another Movie!")?;
    let tries = [
        (
            "honest: the film's end, at the licence's best",
            honest.clone(),
            None,
        ),
        (
            "honest: another place in the film",
            at(LICENCE_KBPS, end / 2)?,
            None,
        ),
        (
            "position: 1 ms beyond the film's end",
            beyond,
            Some(Reason::OutOfRange),
        ),
        (
            "bit rate: 1 kbit/s above the licence",
            faster,
            Some(Reason::OutOfRange),
        ),
        ("licence: 16,000 kbit/s", licence, Some(Reason::BadTag)),
        ("title: another film", title, Some(Reason::BadTag)),
    ];
    let own = tries.map(|(what, bundle, expected)| Cheat {
        what,
        viewer: viewer.into(),
        bundle,
        expected,
    });
    let stolen = Cheat {
        what: "another viewer's cookies",
        viewer: "mallory@example.org".into(),
        bundle: honest,
        expected: Some(Reason::BadTag),
    };
    Ok(own.into_iter().chain([stolen]).collect())
}

/// A running film is not turned up beyond the licence either.
fn refused_as_a_command<P: Playback>(
    jar: &Jar,
    way: Way,
    server: SocketAddr,
    viewer: &str,
) -> Outcome<Verdict> {
    let bundle = P::bundle_at(&mut jar.clone(), 0)?;
    let Answer::Started(mut control, _) = Control::begin(server, &request(way, viewer, bundle))?
    else {
        return Err("the film's beginning was refused".into());
    };
    control.tell(&Request::TurnTo(LICENCE_KBPS + 1))?;
    let (mut heard, asked) = (Vec::new(), Instant::now());
    while !heard.contains(&Message::Refused) && asked.elapsed() < PATIENCE {
        control.hear(&mut heard)?;
        std::thread::sleep(Duration::from_millis(1));
    }
    if !heard.contains(&Message::Refused) {
        return Err("a bit rate above the licence was not refused".into());
    }
    Ok(Verdict {
        what: "a command: 1 kbit/s above the licence",
        operator: Some("refused by the session's setter".into()),
    })
}

fn request(way: Way, viewer: &str, bundle: Vec<u8>) -> Request {
    Request::Resume {
        way,
        viewer: viewer.into(),
        bundle,
        media: NOBODY,
    }
}

fn attempt<P: Playback>(
    operator: &Operator<P>,
    cheat: Cheat,
    way: Way,
    server: SocketAddr,
) -> Outcome<Verdict> {
    let refusal = operator
        .pool()
        .resume_bound(&cheat.bundle, cheat.viewer.as_bytes())
        .err();
    let request = request(way, &cheat.viewer, cheat.bundle);
    let refused = matches!(Control::begin(server, &request)?, Answer::Refused);
    let reason = refusal.map(|refusal| refusal.reason);
    if reason != cheat.expected || refused != cheat.expected.is_some() {
        return Err(format!(
            "\"{}\": the server refused it: {refused}; the operator reads {refusal:?}",
            cheat.what
        )
        .into());
    }
    let said = |field| format!(", field `{field}`");
    Ok(Verdict {
        what: cheat.what,
        operator: refusal.map(|refusal| {
            format!(
                "{}{}",
                refusal.reason.as_str(),
                refusal.field.map_or(String::new(), said)
            )
        }),
    })
}

/// An honest bundle with `new` where another one of the same jar, with another value, begins to differ.
fn forged(honest: &[u8], other: &[u8], new: &[u8]) -> Outcome<Vec<u8>> {
    let mut pairs = honest.iter().zip(other);
    let at = pairs.position(|(one, other)| one != other);
    overwritten(honest, at.ok_or("no difference")?, new)
}

/// The bytes with the first `old` from the title on replaced by as long a `new`.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Outcome<Vec<u8>> {
    let find = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|at| at == part);
    let title = find(bytes, TITLE.as_bytes()).ok_or("no title")?;
    let at = find(&bytes[title..], old).ok_or("no such bytes")?;
    overwritten(bytes, title + at, new)
}

fn overwritten(bytes: &[u8], at: usize, new: &[u8]) -> Outcome<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let place = bytes.get_mut(at..at + new.len()).ok_or("too short")?;
    place.copy_from_slice(new);
    Ok(bytes)
}

/// A number as the format writes it.
fn varint(mut number: u32) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}
