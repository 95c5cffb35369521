//! Tampering, exhaustively: every bit of what is signed, truncations, insertions, and splices between chains that differ in one thing.
#![forbid(unsafe_code)]
#![allow(
    clippy::duplicated_attributes,
    reason = "two tiers may live equally long; the lint looks at words, not at tiers"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use statecookie::testing::FixedEntropy;
use statecookie::{Keys, Pool, Reader, Reason, Secret, StateCookie, Tier, Timestamp};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

macro_rules! shop {
    ($name:ident, $version:literal) => {
        #[derive(StateCookie, Clone, Debug, PartialEq)]
        #[statecookie(name = "Shop", version = $version, tier(2, valid_for = "3h"))]
        #[statecookie(tier(1, valid_for = "10m"), tier(0, valid_for = "30s", or_default))]
        struct $name {
            #[tier(2)]
            #[immutable]
            customer: u64,
            #[tier(2)]
            #[private]
            credit_rating: u16,
            #[tier(1)]
            #[immutable]
            cart: Vec<(String, u32)>,
            #[tier(1)]
            #[mutable(range = 0..=4)]
            quality: u8,
            #[tier(0)]
            #[mutable(range = 0.0..360.0)]
            yaw: f32,
        }

        impl State for $name {
            fn state(step: u64) -> Self {
                let cart = vec![("lamp".into(), step as u32)];
                Self {
                    customer: 4711 + step,
                    credit_rating: 720,
                    cart,
                    quality: 3,
                    yaw: 90.0,
                }
            }

            fn touch(session: &mut statecookie::Session<Self>, tier: u8, step: u64) {
                match tier {
                    2 => *session.edit().customer_mut() = step,
                    1 => session.edit().cart_mut().push(("vase".into(), step as u32)),
                    _ => session.edit().set_yaw(step as f32).unwrap(),
                }
            }
        }
    };
}

shop!(Shop, 1);
shop!(NextShop, 2);

/// All tiers alike, so that nothing but the chain itself tells their cookies apart.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1h"))]
struct Twins {
    #[tier(1)]
    #[private]
    upper: u8,
    #[tier(0)]
    #[private]
    lower: u8,
}

impl State for Twins {
    fn state(step: u64) -> Self {
        Self {
            upper: step as u8,
            lower: step as u8,
        }
    }

    fn touch(session: &mut statecookie::Session<Self>, tier: u8, step: u64) {
        match tier {
            1 => session.edit().set_upper(step as u8),
            _ => session.edit().set_lower(step as u8),
        }
    }
}

trait State: StateCookie + Clone + PartialEq + std::fmt::Debug {
    fn state(step: u64) -> Self;
    fn touch(session: &mut statecookie::Session<Self>, tier: u8, step: u64);
}

type Chain = Vec<Vec<u8>>;
type Counts = BTreeMap<&'static str, usize>;

fn pool<S: State>(name: &str, secret: u8, entropy: u64) -> Pool<S> {
    let secret: Vec<u8> = (secret..secret + 32).collect();
    let keys = Keys::embedded(Secret::from_bytes(&secret).unwrap());
    Pool::builder(name, keys)
        .entropy(FixedEntropy::new(entropy))
        .build()
        .unwrap()
}

fn first_chain<S: State>(pool: &Pool<S>, now: Timestamp) -> Chain {
    let mut session = pool.open_at(S::state(1), now).unwrap();
    cut(&session.flush_at(now).unwrap().unwrap())
}

/// The cookies of a blob, read by hand.
fn cut(blob: &[u8]) -> Chain {
    let mut input = Reader::new(&blob[1..]);
    let mut cookies = Vec::new();
    while !input.is_empty() {
        let len = input.length().unwrap();
        cookies.push(input.take(len).unwrap().to_vec());
    }
    cookies
}

/// An update of those cookies: the first byte of an update of as many.
fn joined(kind: u8, cookies: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![kind];
    for cookie in cookies {
        statecookie::private::put_prefixed(&mut bytes, cookie);
    }
    bytes
}

/// The first byte of a full update.
fn kind<S: State>() -> u8 {
    let mut session = pool::<S>("p", 0, 9).open_at(S::state(1), NOW).unwrap();
    session.flush_at(NOW).unwrap().unwrap()[0]
}

fn refused<S: State>(pool: &Pool<S>, bytes: &[u8], counts: &mut Counts, what: &str) -> Reason {
    match pool.resume_at(bytes, NOW) {
        Err(refusal) => {
            *counts.entry(refusal.reason.as_str()).or_default() += 1;
            refusal.reason
        }
        Ok(resumed) => panic!("{what} was accepted: {:?}", &*resumed.session),
    }
}

/// Where the signed parts of a blob lie, as the inspection says.
fn signed_ranges(blob: &[u8]) -> Vec<std::ops::Range<usize>> {
    let seen = statecookie::inspect(blob).unwrap();
    let mut at = 1;
    let mut ranges = Vec::new();
    for cookie in seen.cookies {
        at += if cookie.len < 128 { 1 } else { 2 };
        ranges.push(at..at + cookie.len - cookie.mutable_len);
        at += cookie.len;
    }
    assert_eq!(at, blob.len());
    ranges
}

fn every_bit<S: State>() -> Counts {
    let server = pool::<S>("p", 0, 1);
    let blob = joined(kind::<S>(), &first_chain(&server, NOW));
    let mut counts = Counts::new();
    let mut bits = 0;
    for at in signed_ranges(&blob).into_iter().flatten() {
        for bit in 0..8 {
            let mut flipped = blob.clone();
            flipped[at] ^= 1 << bit;
            refused(
                &server,
                &flipped,
                &mut counts,
                &format!("bit {bit} of byte {at} flipped"),
            );
            bits += 1;
        }
    }
    assert_eq!(counts.values().sum::<usize>(), bits);
    counts
}

#[test]
fn every_bit_of_what_is_signed_counts() {
    let shop = every_bit::<Shop>();
    let reasons = [
        "malformed",
        "bad-tag",
        "unknown-schema",
        "unknown-key",
        "unlinked",
    ];
    for reason in reasons {
        assert!(
            shop.contains_key(reason),
            "{reason} never came up: {shop:?}"
        );
    }
    assert!(shop["bad-tag"] > 1_000, "{shop:?}");
    // Behind a good tag nothing can be wrong: that would be a signature over something else.
    assert!(!shop.contains_key("internal-mismatch"), "{shop:?}");
    let twins = every_bit::<Twins>();
    assert!(twins["bad-tag"] > 900, "{twins:?}");
    assert!(!twins.contains_key("internal-mismatch"), "{twins:?}");
}

fn every_length<S: State>() -> Counts {
    let server = pool::<S>("p", 0, 1);
    let blob = joined(kind::<S>(), &first_chain(&server, NOW));
    let mut counts = Counts::new();
    for len in 0..blob.len() {
        refused(
            &server,
            &blob[..len],
            &mut counts,
            &format!("a truncation to {len}"),
        );
    }
    let signed: Vec<usize> = signed_ranges(&blob).into_iter().flatten().collect();
    for at in signed {
        let mut longer = blob.clone();
        longer.insert(at, longer[at] ^ 0x55);
        refused(
            &server,
            &longer,
            &mut counts,
            &format!("a byte inserted at {at}"),
        );
        let mut shorter = blob.clone();
        shorter.remove(at);
        refused(
            &server,
            &shorter,
            &mut counts,
            &format!("byte {at} taken out"),
        );
    }
    counts
}

#[test]
fn no_truncation_insertion_or_removal_is_accepted() {
    for counts in [every_length::<Shop>(), every_length::<Twins>()] {
        assert!(counts["malformed"] > 100, "{counts:?}");
        assert!(!counts.contains_key("internal-mismatch"), "{counts:?}");
    }
}

/// Damages within a cookie whose length is made to fit again.
fn refitted<S: State>() -> Counts {
    let server = pool::<S>("p", 0, 1);
    let chain = first_chain(&server, NOW);
    let mut counts = Counts::new();
    for (number, cookie) in chain.iter().enumerate() {
        let signed = signed_ranges(&joined(kind::<S>(), &chain))[number].len();
        for (at, byte) in cookie[..signed].iter().enumerate() {
            for change in [Some(byte ^ 1), None] {
                let mut forged = chain.clone();
                match change {
                    Some(byte) => forged[number].insert(at, byte),
                    None => drop(forged[number].remove(at)),
                }
                let bytes = joined(kind::<S>(), &forged);
                refused(
                    &server,
                    &bytes,
                    &mut counts,
                    &format!("cookie {number} cut at {at}"),
                );
            }
        }
    }
    counts
}

#[test]
fn a_length_that_was_made_to_fit_helps_nobody() {
    for counts in [refitted::<Shop>(), refitted::<Twins>()] {
        assert!(counts["bad-tag"] > 50, "{counts:?}");
        assert!(!counts.contains_key("internal-mismatch"), "{counts:?}");
    }
}

/// Every mix of two chains that takes some cookies from the one and some from the other.
fn mixes(one: &Chain, other: &Chain) -> Vec<Chain> {
    let choices = 1..(1_u32 << one.len()) - 1;
    let pick = |choice: u32| {
        let both = one.iter().zip(other).enumerate();
        both.map(|(at, (one, other))| if choice >> at & 1 == 0 { one } else { other }.clone())
            .collect()
    };
    choices.map(pick).collect()
}

fn splices<S: State>() -> Counts {
    let server = pool::<S>("p", 0, 1);
    let home = first_chain(&server, NOW);
    let others = [
        ("session", first_chain(&server, NOW)),
        (
            "time",
            first_chain(&server, NOW.saturating_sub(Duration::from_secs(5))),
        ),
        ("pool", first_chain(&pool::<S>("q", 0, 1), NOW)),
        ("key", first_chain(&pool::<S>("p", 1, 1), NOW)),
        (
            "key id",
            first_chain(&server, NOW.saturating_sub(Duration::from_secs(10_000))),
        ),
    ];
    let mut counts = Counts::new();
    for (what, other) in &others {
        for mix in mixes(&home, other) {
            refused(&server, &joined(kind::<S>(), &mix), &mut counts, what);
        }
    }
    for what in [2, 3] {
        let foreign = &others[what].1;
        refused(
            &server,
            &joined(kind::<S>(), foreign),
            &mut counts,
            "a chain from elsewhere",
        );
    }
    for (one, other) in (0..home.len()).flat_map(|one| (0..one).map(move |other| (one, other))) {
        let mut swapped = home.clone();
        swapped.swap(one, other);
        refused(
            &server,
            &joined(kind::<S>(), &swapped),
            &mut counts,
            "tiers swapped",
        );
        let mut doubled = home.clone();
        doubled[one] = home[other].clone();
        refused(
            &server,
            &joined(kind::<S>(), &doubled),
            &mut counts,
            "a tier doubled",
        );
    }
    counts
}

#[test]
fn splices_of_session_time_pool_key_and_tier_are_refused() {
    for counts in [splices::<Shop>(), splices::<Twins>()] {
        assert!(
            counts.contains_key("bad-tag") && counts.contains_key("unlinked"),
            "{counts:?}"
        );
        assert!(!counts.contains_key("internal-mismatch"), "{counts:?}");
    }
}

/// With the link in the clear set right, only the tag is left to refuse: it must.
#[test]
fn a_forged_link_is_refused_by_the_tag() {
    let server = pool::<Twins>("p", 0, 1);
    let (home, other) = (first_chain(&server, NOW), first_chain(&server, NOW));
    let end = home[0].len();
    let mut child = other[1].clone();
    child[1..5].copy_from_slice(&home[0][end - 16..end - 12]);
    let bytes = joined(kind::<Twins>(), &[home[0].clone(), child]);
    let refusal = server.resume_at(&bytes, NOW).unwrap_err();
    assert_eq!(
        (refusal.reason, refusal.tier),
        (Reason::BadTag, Some(Tier::LOWEST))
    );
}

#[test]
fn another_version_or_schema_is_refused() {
    let (old, new) = (pool::<Shop>("p", 0, 1), pool::<NextShop>("p", 0, 1));
    let (ours, theirs) = (first_chain(&old, NOW), first_chain(&new, NOW));
    let mut counts = Counts::new();
    let kind = kind::<Shop>();
    assert_eq!(
        refused(&old, &joined(kind, &theirs), &mut counts, "version"),
        Reason::UnknownSchema
    );
    for mix in mixes(&ours, &theirs) {
        refused(&old, &joined(kind, &mix), &mut counts, "version");
        refused(&new, &joined(kind, &mix), &mut counts, "version");
    }
    // With the hash of the schema set right, the tag over it refuses; `presented` has two schemas with one hash.
    let mut forged = theirs.clone();
    forged[0][3..7].copy_from_slice(&ours[0][3..7]);
    assert_eq!(
        refused(&old, &joined(kind, &forged), &mut counts, "schema hash"),
        Reason::BadTag
    );
    let twins = joined(kind, &first_chain(&pool::<Twins>("p", 0, 1), NOW));
    refused(&old, &twins, &mut counts, "another schema");
}

/// Mixes of every two moments of one session, in which each tier was changed now and then.
#[test]
fn moments_of_one_session_do_not_mix() {
    let server = pool::<Shop>("p", 0, 1);
    let mut session = server.open_at(Shop::state(1), NOW).unwrap();
    let mut moments = vec![cut(&session.flush_at(NOW).unwrap().unwrap())];
    for (step, tier) in [0, 1, 0, 2, 0, 1, 1, 0].into_iter().enumerate() {
        Shop::touch(&mut session, tier, step as u64);
        let newer = cut(&session.flush_at(NOW).unwrap().unwrap());
        let last = moments.last().unwrap();
        let kept = last[..last.len() - newer.len()].to_vec();
        moments.push([kept, newer].concat());
    }
    let kind = kind::<Shop>();
    let mut counts = Counts::new();
    let mut mixed = 0;
    for (at, one) in moments.iter().enumerate() {
        for other in &moments[..at] {
            for mix in mixes(one, other)
                .into_iter()
                .filter(|mix| !moments.contains(mix))
            {
                refused(&server, &joined(kind, &mix), &mut counts, "two moments");
                mixed += 1;
            }
        }
        assert!(
            server.resume_at(&joined(kind, one), NOW).is_ok(),
            "moment {at}"
        );
    }
    assert!(mixed > 50, "{mixed}");
}
