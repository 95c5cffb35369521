//! Accepted: every schema whole, at the ends of its times, and through the lives of sessions.

use serde_json::Value;
use statecookie::Timestamp;
use statecookie_tests::kit::sign::taken_apart;

use crate::blob::{bundle, cookies};
use crate::make::{Case, NOW, bound, embedded, full, ladder, numbers, till, world};
use crate::run;
use crate::sample::{Sample, after, long_ring, of_each, resigned, resigned_of};
use crate::schemas::{Basket, Note, World};
use crate::schemas_deep::{Archive, Till};
use crate::schemas_wide::{Ladder, Numbers};

pub(crate) fn all() -> Vec<Value> {
    let mut cases: Vec<Value> = of_each!(whole);
    cases.extend(of_each!(ends));
    cases.extend(of_each!(lives));
    cases.extend(of_each!(keys));
    cases.extend(defaults());
    cases.extend(signed());
    cases
}

fn whole<S: Sample>() -> Vec<Value> {
    let state = S::sample();
    let forms = [("embedded", embedded()), ("long-ring", long_ring())];
    let of_pool = forms.iter().flat_map(|(source, pool)| {
        let update = full(pool, &state);
        let bundled = bundle(&cookies(&update));
        let mut padded = bundled.clone();
        padded.resize(padded.len().next_multiple_of(4), 0);
        let case = |form: &str, blob: &[u8]| {
            let name = format!("{}-{source}-{form}", S::short());
            Case::new(&name, S::NAME, pool, blob).gives(&state, &[])
        };
        [
            case("update", &update),
            case("bundle", &bundled),
            case("padded", &padded),
        ]
    });
    let identity = "Jürg".as_bytes();
    let of_client = S::case("bound", &bound(&embedded(), &state, identity)).identity(identity);
    of_pool.chain([of_client.gives(&state, &[])]).collect()
}

fn ends<S: Sample>() -> Vec<Value> {
    let (state, blob) = (S::sample(), S::blob());
    let last = (NOW + S::valid_for(0)) * 1000 + S::leeway();
    vec![
        S::case("as-early-as-it-may-be", &blob)
            .at_ms(NOW * 1000 - S::leeway())
            .gives(&state, &[]),
        S::case("as-late-as-it-may-be", &blob)
            .at_ms(last)
            .gives(&state, &[]),
        S::case("exactly-as-long-as-the-limit", &blob)
            .setting("max_bytes", blob.len() as u64)
            .gives(&state, &[]),
    ]
}

/// A fail-over for good, one for a request, and a renewal of the root half-way through its life.
fn lives<S: Sample>() -> Vec<Value> {
    let (pool, state) = (run::pool::<S>(&embedded()), S::sample());
    let mut session = pool.resume_at(&S::blob(), after(2)).unwrap().session;
    let first = session.flush_at(after(3)).unwrap().unwrap().into_bytes();
    let again = session.flush_full_at(after(4)).unwrap().into_bytes();
    let mut request = pool
        .present(&first)
        .at(after(5))
        .resume_request()
        .unwrap()
        .session;
    let asked = request.flush_full_at(after(6)).unwrap().into_bytes();
    let half = S::valid_for(S::TABLE.tiers.len() - 1) / 2;
    let mut old = pool.open_at(state.clone(), after(0)).unwrap();
    let _ = old.flush_at(after(0)).unwrap();
    let renewed = old.flush_at(after(half)).unwrap().unwrap().into_bytes();
    let case = |name: &str, blob: &[u8], secs: u64| {
        S::case(name, blob)
            .at_ms((NOW + secs) * 1000 + 999)
            .gives(&state, &[])
    };
    vec![
        case("first-update-after-a-fail-over", &first, 3),
        case("asked-for-in-full", &again, 4),
        case("by-a-request-that-resumed", &asked, 6),
        case("renewed-half-way", &renewed, half),
    ]
}

/// The next key of each source: signed with it, and under the one before.
fn keys<S: Sample>() -> Vec<Value> {
    let state = S::sample();
    let issue = |pool: &Value, secs: u64| {
        let at = Timestamp::from_secs(secs);
        let mut session = run::pool::<S>(pool).open_at(state.clone(), at).unwrap();
        session.flush_at(at).unwrap().unwrap().into_bytes()
    };
    let period = (NOW / 10_800 + 1) * 10_800;
    let (ring, later) = (long_ring(), NOW + 15_000);
    vec![
        S::case("of-the-next-period", &issue(&embedded(), period))
            .at_ms(period * 1000)
            .gives(&state, &[]),
        S::case(
            "in-the-last-second-of-a-period",
            &issue(&embedded(), period - 1),
        )
        .at_ms(period * 1000)
        .gives(&state, &[]),
        Case::new(
            &format!("{}-of-the-next-key", S::short()),
            S::NAME,
            &ring,
            &issue(&ring, later),
        )
        .at_ms(later * 1000)
        .gives(&state, &[]),
    ]
}

fn defaults() -> Vec<Value> {
    let (blob, state) = (Ladder::blob(), ladder());
    let without = |count: usize| {
        let defaulted: Vec<u8> = (0..count as u8).rev().collect();
        let restored = Ladder {
            step: 0,
            name: if count > 1 {
                String::new()
            } else {
                state.name.clone()
            },
            lean: if count > 2 { 0 } else { state.lean },
            ..state.clone()
        };
        (restored, defaulted)
    };
    let mut cases = Vec::new();
    for (count, secs) in [(1, 61), (2, 600), (3, 3_600)] {
        let (restored, defaulted) = without(count);
        let cut = bundle(&cookies(&blob)[..8 - count]);
        cases.push(Ladder::case(&format!("{count}-left-away"), &cut).gives(&restored, &defaulted));
        cases.push(
            Ladder::case(&format!("{count}-over"), &blob)
                .at_ms((NOW + secs) * 1000 + 30_501)
                .gives(&restored, &defaulted),
        );
    }
    let bare = Till {
        last: 0,
        confirmed: false,
        tip: 0,
        ..till()
    };
    let cut = bundle(&cookies(&Till::blob())[..2]);
    cases.push(Till::case("lowest-left-away", &cut).gives(&bare, &[0]));
    cases
}

/// What an honest server would not sign, and is accepted all the same.
fn signed() -> Vec<Value> {
    let less = resigned::<Ladder>(|chain| chain[0].set("required", &[1]));
    let longer = resigned::<World>(|chain| {
        chain[0].set_number("life", 1 << 40);
        chain[1].set_number("life", 1 << 41);
        chain[2].set_number("life", u64::from(u32::MAX));
    });
    let cut = resigned::<World>(|chain| chain[1].set_number("life", 3));
    let counters = resigned::<Till>(|chain| {
        chain[0].set(
            "sequence",
            &[0xff; 9].into_iter().chain([1]).collect::<Vec<_>>(),
        );
        for child in &mut chain[1..] {
            child.set(
                "counter 2",
                &[0xff; 9].into_iter().chain([1]).collect::<Vec<_>>(),
            );
        }
    });
    let late = resigned::<Numbers>(|chain| chain[1].set_number("later", 10));
    let unpadded = resigned::<Basket>(|chain| {
        crate::sample::signer::<Basket>().set_private(&mut chain[0], &[0xfa, 1, 0]);
    });
    let wait = Numbers {
        wait: std::time::Duration::new(2, 7),
        ..numbers()
    };
    let carried = resigned_of(&wait, |chain| {
        let honest = chain[0].get("immutable").to_vec();
        assert_eq!(honest[honest.len() - 2..], [2, 7]);
        // 1 s and 1,000,000,007 ns: five bytes of nanoseconds instead of one.
        let bytes = [
            &honest[..honest.len() - 2],
            &[1, 0x87, 0x94, 0xeb, 0xdc, 0x03],
        ]
        .concat();
        chain[0].set_number("immutable length", bytes.len() as u64);
        chain[0].set("immutable", &bytes);
    });
    assert_eq!(taken_apart(&carried).len(), 2);
    vec![
        Ladder::case("requires-less-than-it-might", &less).gives(&ladder(), &[]),
        World::case("signed-to-live-longer-than-here", &longer)
            .at_ms((NOW + 30) * 1000)
            .gives(&world(), &[]),
        World::case("lowest-longer-than-its-parent", &cut)
            .at_ms((NOW + 3) * 1000 + 15_000)
            .gives(&world(), &[]),
        Till::case("root-with-the-greatest-counter", &counters).gives(&till(), &[]),
        Numbers::case("child-from-a-clock-ahead", &late).gives(&numbers(), &[]),
        Basket::case("private-value-with-one-byte-of-padding", &unpadded)
            .gives(&crate::make::basket(), &[]),
        Numbers::case("duration-carried-over", &carried).gives(&wait, &[]),
        Note::case("nothing-but-the-root-required", &Note::blob()).gives(&crate::make::note(), &[]),
        Archive::case("at-the-end-of-its-session", &at_the_end())
            .at_ms((NOW + 172_800) * 1000 - 1)
            .gives(&crate::make::archive(), &[]),
    ]
}

/// Renewed so that its last root reaches to the end of the session of two days.
fn at_the_end() -> Vec<u8> {
    let pool = run::pool::<Archive>(&embedded());
    let mut session = pool.open_at(crate::make::archive(), after(0)).unwrap();
    let _ = session.flush_at(after(0)).unwrap();
    session
        .flush_full_at(after(172_800 - 100))
        .unwrap()
        .into_bytes()
}
