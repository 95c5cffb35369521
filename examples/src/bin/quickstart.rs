//! Five minutes with StateCookie: two servers that share nothing but a key, and a client that keeps the state.
#![forbid(unsafe_code)]

use std::error::Error;

use statecookie::{Jar, Keys, Pool, Secret, StateCookie};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "3h"), tier(0, valid_for = "30s"))]
struct Visit {
    #[tier(1)]
    #[immutable] // the client reads it and cannot change it
    customer: u64,
    #[tier(1)]
    #[private] // the client cannot even read it
    credit_rating: u16,
    #[tier(0)]
    #[mutable(range = 0..=4)] // the client may change it, within the range
    quality: u8,
}

fn server() -> Result<Pool<Visit>, Box<dyn Error>> {
    let secret = Secret::from_env("STATECOOKIE_KEY")?;
    Ok(Pool::new("shop.example", Keys::embedded(secret))?)
}

fn run() -> Result<(), Box<dyn Error>> {
    // Server A: the first update carries both tiers, the next one only what changed.
    let mut session = server()?.open(Visit {
        customer: 4711,
        credit_rating: 720,
        quality: 2,
    })?;
    let first = session.flush()?.ok_or("no update")?;
    session.edit().set_quality(3)?;
    let second = session.flush()?.ok_or("no update")?;
    println!(
        "A sent {} and {} bytes, and dies",
        first.len(),
        second.len()
    );
    drop(session);

    // The client has no key. It keeps the cookies, reads all but what is private, changes what it may.
    let mut jar = Jar::new();
    println!("kept: {:?}, {:?}", jar.merge(&first)?, jar.merge(&second)?);
    let mut view = jar.view::<Visit>()?;
    println!(
        "read: customer {}, quality {}",
        view.customer(),
        view.quality()
    );
    println!("set quality to 9: {:?}", view.set_quality(9));
    view.set_quality(4)?;

    // Server B never heard of the session.
    let session = server()?.resume(&jar.bundle()?)?.session;
    assert_eq!((session.customer, session.credit_rating), (4711, 720));
    assert_eq!(session.quality, 4);
    println!("B goes on with customer {}", session.customer);
    Ok(())
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statecookie::Reason;

    use super::*;

    fn server() -> Pool<Visit> {
        let secret: Vec<u8> = (0..32).collect();
        Pool::new(
            "shop.test",
            Keys::embedded(Secret::from_bytes(&secret).unwrap()),
        )
        .unwrap()
    }

    fn bundle(visit: &Visit) -> Vec<u8> {
        let mut jar = Jar::new();
        let update = server()
            .open(visit.clone())
            .unwrap()
            .flush()
            .unwrap()
            .unwrap();
        let _ = jar.merge(&update).unwrap();
        jar.bundle().unwrap()
    }

    prop_compose! {
        fn visit()(customer: u64, credit_rating: u16, quality in 0..=4_u8) -> Visit {
            Visit { customer, credit_rating, quality }
        }
    }

    proptest! {
        #[test]
        fn every_visit_goes_on_elsewhere(visit in visit()) {
            let resumed = server().resume(&bundle(&visit)).unwrap();
            prop_assert_eq!(&*resumed.session, &visit);
        }

        #[test]
        fn a_client_cannot_choose_a_quality_out_of_range(visit in visit(), quality in 5..=u8::MAX) {
            // The quality is the only mutable byte, and the mutable bytes of the lowest tier come last.
            let mut bundle = bundle(&visit);
            *bundle.last_mut().unwrap() = quality;
            let refusal = server().resume(&bundle).unwrap_err();
            prop_assert_eq!((refusal.reason, refusal.field), (Reason::OutOfRange, Some("quality")));
            let opened = server().open(Visit { quality, ..visit });
            prop_assert!(opened.is_err());
        }

        #[test]
        fn a_client_cannot_change_its_account(visit in visit(), at: prop::sample::Index, flip in 1..=u8::MAX) {
            let mut bundle = bundle(&visit);
            let at = at.index(bundle.len() - 1);
            bundle[at] ^= flip;
            if let Ok(resumed) = server().resume(&bundle) {
                prop_assert_eq!(&*resumed.session, &visit);
            }
        }
    }
}
