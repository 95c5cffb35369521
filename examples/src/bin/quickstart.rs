//! Five minutes with StateCookie: two servers that share nothing but a key, and a client that keeps the state.
#![forbid(unsafe_code)]

use std::error::Error;

use statecookie::{Jar, Keys, Pool, Secret, Session, StateCookie};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "3h"), tier(0, valid_for = "30s"))]
struct Visit {
    /// The client reads it and cannot change it.
    #[tier(1)]
    #[immutable]
    customer: u64,
    /// The client cannot even read it.
    #[tier(1)]
    #[private]
    credit_rating: u16,
    /// The client may change it, within the range.
    #[tier(0)]
    #[mutable(range = 0..=4)]
    quality: u8,
}

fn server() -> Result<Pool<Visit>, Box<dyn Error>> {
    let secret = Secret::from_env("STATECOOKIE_KEY")?;
    Ok(Pool::new("shop.example", Keys::embedded(secret))?)
}

fn run() -> Result<(), Box<dyn Error>> {
    // Server A opens a session: its first update carries both tiers, the next one only what changed.
    let (a, mut jar) = (server()?, Jar::new());
    let mut session = a.open(Visit {
        customer: 4711,
        credit_rating: 720,
        quality: 2,
    })?;
    keep(&mut jar, &mut session)?;
    session.edit().set_quality(3)?;
    keep(&mut jar, &mut session)?;
    drop((session, a)); // Server A dies.

    // Server B never heard of the session.
    let resumed = server()?.resume(&jar.bundle()?)?;
    println!("server B goes on: {:?}", *resumed.session);
    assert_eq!(
        *resumed.session,
        Visit {
            customer: 4711,
            credit_rating: 720,
            quality: 3
        }
    );
    Ok(())
}

fn keep(jar: &mut Jar, session: &mut Session<Visit>) -> Result<(), Box<dyn Error>> {
    if let Some(update) = session.flush()? {
        println!(
            "server A sends {} bytes: {:?}",
            update.len(),
            update.tiers()
        );
        println!("client: {:?}", jar.merge(&update)?);
    }
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
