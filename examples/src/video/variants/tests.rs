//! The laws of each variant of the state, and what its updates cost.

use std::time::Duration;

use proptest::prelude::*;
use statecookie::{BundleError, Jar, Keys, Pool, Reason, Secret, Session, Timestamp};

use super::*;
use crate::video::film::FRAME_MS;
use crate::video::playback::{Playback, Values};
use crate::video::state::Derived;

fn server<P: Playback>() -> Pool<P> {
    let secret: Vec<u8> = (0..32).collect();
    Pool::new(
        "video.test",
        Keys::embedded(Secret::from_bytes(&secret).unwrap()),
    )
    .unwrap()
}

fn opened<P: Playback>(values: &Values) -> (Session<P>, Jar) {
    let mut session = server().open(P::of(values.clone())).unwrap();
    let mut jar = Jar::new();
    let update = session.flush().unwrap().unwrap();
    let _ = jar.merge(&update).unwrap();
    (session, jar)
}

prop_compose! {
    fn values()(
        title in "[A-Za-z ]{0,40}",
        duration_ms in 0..=86_400_000_u32,
        licence_kbps in LEAST_KBPS..=100_000_u32,
        contract: u64,
        ssrc: u32,
        base: u32,
        rate: prop::sample::Index,
        place: prop::sample::Index,
    ) -> Values {
        let bit_rate_kbps = LEAST_KBPS + rate.index((licence_kbps - LEAST_KBPS) as usize + 1) as u32;
        let position_ms = place.index(duration_ms as usize + 1) as u32;
        Values { title, duration_ms, licence_kbps, contract, ssrc, base, bit_rate_kbps, position_ms }
    }
}

fn comes_back<P: Playback>(values: &Values) {
    let (_, mut jar) = opened::<P>(values);
    let bundle = P::bundle(&mut jar, values.position_ms).unwrap();
    let resumed = server::<P>().resume(&bundle).unwrap();
    assert_eq!(resumed.session.values(), *values);
}

fn stays_within_licence_and_film<P: Playback>(values: &Values, kbps: u32, position_ms: u32) {
    let (mut session, mut jar) = opened::<P>(values);
    let allowed = (LEAST_KBPS..=values.licence_kbps).contains(&kbps);
    assert_eq!(P::turn_to(&mut session, kbps).is_ok(), allowed);
    assert_eq!(P::choose(&mut jar, kbps).is_ok(), allowed);
    let within = position_ms <= values.duration_ms;
    assert_eq!(P::move_to(&mut session, position_ms).is_ok(), within);
    assert_eq!(P::bundle_at(&mut jar, position_ms).is_ok(), within);
}

fn goes_on_as_the_client_chose<P: Playback>(values: &Values, position_ms: u32) {
    let (_, mut jar) = opened::<P>(values);
    P::choose(&mut jar, LEAST_KBPS).unwrap();
    let bundle = P::bundle_at(&mut jar, position_ms).unwrap();
    let chosen = Values {
        bit_rate_kbps: LEAST_KBPS,
        position_ms,
        ..values.clone()
    };
    let resumed = server::<P>().resume(&bundle).unwrap();
    assert_eq!(resumed.session.values(), chosen);
}

/// Whatever is done to a bundle: what is restored has the licence that was issued, and is within it.
fn no_changed_byte_gets_more<P: Playback>(values: &Values, at: prop::sample::Index, flip: u8) {
    let (_, mut jar) = opened::<P>(values);
    let mut bundle = P::bundle(&mut jar, values.position_ms).unwrap();
    let at = at.index(bundle.len());
    bundle[at] ^= flip;
    match server::<P>().resume(&bundle) {
        Ok(resumed) => {
            let found = resumed.session.values();
            assert!((LEAST_KBPS..=values.licence_kbps).contains(&found.bit_rate_kbps));
            assert!(found.position_ms <= values.duration_ms);
            let (bit_rate_kbps, position_ms) = (found.bit_rate_kbps, found.position_ms);
            let expected = Values {
                bit_rate_kbps,
                position_ms,
                ..values.clone()
            };
            assert_eq!(found, expected);
        }
        Err(refusal) if refusal.reason == Reason::OutOfRange => {
            assert!(matches!(
                refusal.field,
                Some("bit_rate_kbps" | "position_ms")
            ));
        }
        Err(_) => {}
    }
}

/// The bytes of the update after one more frame, if there is one.
fn frame_costs<P: Playback>(values: &Values) -> Option<usize> {
    let (mut session, _) = opened::<P>(values);
    let position_ms = if values.position_ms == 0 {
        values.duration_ms
    } else {
        0
    };
    P::move_to(&mut session, position_ms).unwrap();
    let update = session.flush().unwrap();
    update.map(|update| update.len())
}

/// One module of tests for each variant.
macro_rules! laws {
    ($module:ident, $state:ident) => {
        mod $module {
            use super::*;

            proptest! {
                #[test]
                fn every_state_comes_back_on_another_server(values in values()) {
                    comes_back::<$state>(&values);
                }

                #[test]
                fn neither_server_nor_client_leaves_licence_and_film(
                    values in values(), kbps in 0..200_000_u32, position_ms in 0..172_800_000_u32,
                ) {
                    stays_within_licence_and_film::<$state>(&values, kbps, position_ms);
                }

                #[test]
                fn the_next_server_goes_on_as_the_client_chose(values in values(), place: prop::sample::Index) {
                    let position_ms = place.index(values.duration_ms as usize + 1) as u32;
                    goes_on_as_the_client_chose::<$state>(&values, position_ms);
                }

                #[test]
                fn no_changed_byte_gets_more_than_the_licence(
                    values in values(), at: prop::sample::Index, flip in 1..=u8::MAX,
                ) {
                    no_changed_byte_gets_more::<$state>(&values, at, flip);
                }
            }
        }
    };
}

laws!(whole, Whole);
laws!(partial, Partial);
laws!(approximated, Approximated);
laws!(derived, Derived);

proptest! {
    #[test]
    fn a_second_of_frames_costs_one_update_when_it_is_approximated(values in values(), frames in 2..=25_u32) {
        prop_assume!(values.duration_ms >= 1_000);
        let mut now = Timestamp::from_secs(1_800_000_000);
        let state = Approximated::of(Values { position_ms: 0, ..values });
        let mut session = server().open_at(state, now).unwrap();
        let _ = session.flush_at(now).unwrap();
        let mut updates = 0;
        for frame in 1..=frames {
            Approximated::move_to(&mut session, frame * FRAME_MS).unwrap();
            updates += u32::from(session.flush_at(now).unwrap().is_some());
            now = now.saturating_add(Duration::from_millis(FRAME_MS.into()));
        }
        prop_assert_eq!(updates, 1);
        now = now.saturating_add(Duration::from_secs(1));
        prop_assert!(session.flush_at(now).unwrap().is_some());
    }

    #[test]
    fn a_derived_position_costs_nothing_and_has_to_be_supplied(values in values()) {
        prop_assert_eq!(frame_costs::<Derived>(&values), None);
        let (_, mut jar) = opened::<Derived>(&values);
        let _ = jar.view::<Derived>().unwrap();
        let missing = jar.bundle().unwrap_err();
        let expected = BundleError::DerivedMissing { field: "position_ms" };
        prop_assert_eq!(missing, expected);
    }

    #[test]
    fn a_frame_costs_less_than_40_bytes_in_a_tier_of_its_own(values in values()) {
        prop_assume!(values.duration_ms > 0);
        let whole = frame_costs::<Whole>(&values).unwrap();
        let partial = frame_costs::<Partial>(&values).unwrap();
        prop_assert!(partial <= 32 + 4 + 2, "{}", partial);
        prop_assert!(whole >= 3 * partial, "{} and {}", whole, partial);
    }
}
