//! Derived values: what is said of one that is missing or wrong, on both sides.

use statecookie::testing::TestClock;
use statecookie::{
    BundleError, Jar, Keys, Mute, Pool, Reason, StateCookie, SupplyError, ViewError,
};
use statecookie_tests::shop::NOW;

use crate::battery::ring;
use crate::plants::TEXT;
use crate::said::Said;

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"))]
struct Film {
    #[tier(1)]
    #[private]
    licence: Mute<String>,
    #[tier(1)]
    length: u32,
    #[tier(0)]
    #[mutable(max_len = 100, derived)]
    chapter: String,
    #[tier(0)]
    #[mutable(range = 0..=self.length, derived)]
    position: u32,
}

pub(crate) fn of_derived_values(said: &mut Said) {
    let pool = Pool::<Film>::builder("film.example", Keys::ring(ring()));
    let pool = pool.clock(TestClock::at(NOW)).build().unwrap();
    let film = Film {
        licence: Mute(TEXT.into()),
        length: 90,
        chapter: String::new(),
        position: 0,
    };
    let mut session = pool.open_at(film, NOW).unwrap();
    let mut jar = Jar::new();
    let _ = jar.merge(&session.flush_at(NOW).unwrap().unwrap()).unwrap();
    let refusal = said.refused(pool.resume_at(&jar.bundle().unwrap(), NOW));
    assert_eq!(refusal.reason, Reason::MissingDerived);
    said.both(&refusal.reason);
    let supplied = |jar: &mut Jar, position| {
        jar.bundle_with::<Film>(|view| {
            view.set_position(position)?;
            view.set_chapter(TEXT.into())
        })
    };
    let error = said.refused(supplied(&mut jar, 91));
    assert!(matches!(error, SupplyError::View(ViewError::OutOfRange(_))));
    let error = said.refused(jar.bundle_with::<Film>(|_| Ok(())));
    let SupplyError::Bundle(error @ BundleError::DerivedMissing { .. }) = error else {
        panic!("{error}");
    };
    said.error(&error);
    supplied(&mut jar, 90).unwrap();
    said.debug(&jar);
}
