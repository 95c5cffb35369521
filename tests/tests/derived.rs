//! Derivation: values that no cookie carries and the client works out, from the attribute to the fail-over.
#![forbid(unsafe_code)]

use statecookie::testing::Laws;
use statecookie::{
    BundleError, FlushError, Jar, Keys, Limits, MutableValue, Pool, Reason, Session, StateCookie,
    StateError, SupplyError, Tier, ViewError, inspect,
};

/// A tier that is wholly derived, one that is so in part, one that is not; bounds that are fixed, signed and nested.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m", or_default)
)]
struct Film {
    #[tier(0)]
    #[mutable(range = 0..=self.length_ms, derived)]
    position_ms: u32,
    #[tier(2)]
    length_ms: u32,
    #[tier(2)]
    #[private]
    licence: String,
    #[tier(1)]
    #[mutable(range = 0..=8)]
    quality: u8,
    #[tier(1)]
    #[mutable(max_len = 6, derived)]
    subtitle: String,
    #[state(tier = 0, mutable(any, derived))]
    viewport: Viewport,
}

#[derive(MutableValue, Clone, Copy, Debug, PartialEq)]
struct Viewport {
    #[mutable(range = 1..=7680)]
    width: u16,
    #[mutable(one_of(0.5, 1.0, 2.0))]
    zoom: f32,
}

const VIEWPORT: Viewport = Viewport {
    width: 1920,
    zoom: 1.0,
};

fn film() -> Film {
    Film {
        position_ms: 0,
        length_ms: 90_000,
        licence: "ape".into(),
        quality: 4,
        subtitle: "en".into(),
        viewport: VIEWPORT,
    }
}

fn pool() -> Pool<Film> {
    Pool::new("film.example", Keys::ephemeral().unwrap()).unwrap()
}

fn served(pool: &Pool<Film>) -> (Session<Film>, Jar) {
    let mut session = pool.open(film()).unwrap();
    let mut jar = Jar::new();
    let _ = jar.merge(&session.flush().unwrap().unwrap()).unwrap();
    (session, jar)
}

fn supply(jar: &mut Jar, position_ms: u32) -> Result<Vec<u8>, SupplyError> {
    jar.bundle_with::<Film>(|view| {
        view.set_subtitle("fr".into())?;
        view.set_viewport(VIEWPORT)?;
        view.set_position_ms(position_ms)
    })
}

#[test]
fn keeps_the_laws() {
    Laws::<Film>::new().cases(24).all();
    Laws::<Generic<u16>>::new().all();
    Laws::<Constant<3>>::new().all();
}

#[test]
fn comes_back_with_what_the_client_supplied_and_is_in_no_cookie() {
    let pool = pool();
    let (mut session, mut jar) = served(&pool);
    session.edit().set_position_ms(77_777).unwrap();
    session.edit().set_subtitle("secret".into()).unwrap();
    assert!(!session.is_dirty());
    assert_eq!(session.flush().unwrap(), None);
    let bundle = supply(&mut jar, 41_000).unwrap();
    let resumed = pool.resume(&bundle).unwrap();
    assert_eq!(
        *resumed.session,
        Film {
            position_ms: 41_000,
            subtitle: "fr".into(),
            ..film()
        }
    );
    // Two bytes of text behind its length, two of the width, four of the zoom, three of the position.
    assert_eq!(inspect(&bundle).unwrap().derived_len, Some(3 + 2 + 4 + 3));
    let full = session.flush_full().unwrap();
    assert!(!full.windows(6).any(|bytes| bytes == b"secret"));
}

#[test]
fn a_wholly_derived_tier_has_no_cookie_and_the_others_move_down() {
    let (_, jar) = served(&pool());
    assert_eq!(jar.vector().map(<[u64]>::len), Some(2));
    assert_eq!(Film::TABLE.tiers.len(), 2);
    let tier = |name| {
        let mut fields = Film::TABLE.fields.iter();
        fields.find(|field| field.name == name).unwrap().tier
    };
    assert_eq!(tier("length_ms").number(), 1);
    assert_eq!(tier("quality"), Tier::LOWEST);
    // Nothing of their own: they stand with the next tier above.
    assert_eq!(tier("position_ms"), Tier::LOWEST);
}

#[test]
fn a_jar_names_the_first_value_that_is_missing() {
    let pool = pool();
    let (_, mut jar) = served(&pool);
    // Before a view was opened the jar knows nothing of the state's fields, and the server says it.
    let unseen = jar.bundle().unwrap();
    let refused = pool.resume(&unseen).unwrap_err();
    assert_eq!(refused.reason, Reason::MissingDerived);
    assert_eq!(refused.field, Some("position_ms"));
    let missing = |field| Err(BundleError::DerivedMissing { field });
    drop(jar.view::<Film>().unwrap());
    assert_eq!(jar.bundle(), missing("position_ms"));
    let mut out = vec![7];
    assert!(jar.bundle_into(&mut out).is_err());
    assert_eq!(out, [7]);
    let mut view = jar.view::<Film>().unwrap();
    assert_eq!(view.position_ms(), None);
    view.set_viewport(VIEWPORT).unwrap();
    view.set_position_ms(5).unwrap();
    assert_eq!((view.position_ms(), view.subtitle()), (Some(&5), None));
    drop(view);
    assert_eq!(jar.bundle(), missing("subtitle"));
    assert_eq!(
        jar.bundle_with::<Film>(|_| Ok(())).unwrap_err().to_string(),
        "`subtitle` is derived and has no value yet: set it in the view, or with `bundle_with`"
    );
    jar.view::<Film>()
        .unwrap()
        .set_subtitle(String::new())
        .unwrap();
    assert!(pool.resume(&jar.bundle().unwrap()).is_ok());
}

#[test]
fn both_sides_refuse_the_same_values_with_the_same_error() {
    let pool = pool();
    let (mut session, mut jar) = served(&pool);
    let here = session.edit().set_position_ms(90_001).unwrap_err();
    let there = supply(&mut jar, 90_001).unwrap_err();
    assert_eq!(
        there,
        SupplyError::View(ViewError::OutOfRange(here.clone()))
    );
    assert_eq!(here.field, "position_ms");
    assert_eq!(
        session.replace(Film {
            position_ms: 90_001,
            ..film()
        }),
        Err(StateError::OutOfRange(here))
    );
    // The same by hand: the position is the first of the derived values.
    let good = supply(&mut jar, 90_000).unwrap();
    let at = good
        .windows(3)
        .rposition(|bytes| bytes == [0x90, 0xbf, 0x05])
        .unwrap();
    let mut forged = good.clone();
    forged[at] += 1;
    let refused = pool.resume(&forged).unwrap_err();
    assert_eq!(refused.reason, Reason::OutOfRange);
    assert_eq!(refused.field, Some("position_ms"));
    assert!(pool.resume(&good).is_ok());
}

#[test]
fn a_value_outlives_newer_cookies_until_its_bound_moves_past_it() {
    let pool = pool();
    let (mut session, mut jar) = served(&pool);
    supply(&mut jar, 60_000).unwrap();
    session.edit().set_quality(2).unwrap();
    let _ = jar.merge(&session.flush().unwrap().unwrap()).unwrap();
    let resumed = pool.resume(&jar.bundle().unwrap()).unwrap();
    assert_eq!(
        (resumed.session.position_ms, resumed.session.quality),
        (60_000, 2)
    );
    session.edit().set_length_ms(59_999);
    assert_eq!(
        session.flush().unwrap().map(|update| update.is_full()),
        Some(true)
    );
    let full = session.flush_full().unwrap();
    let _ = jar.merge(&full).unwrap();
    assert_eq!(jar.view::<Film>().unwrap().position_ms(), None);
    assert_eq!(
        jar.view::<Film>().unwrap().subtitle().map(String::as_str),
        Some("fr")
    );
    let field = "position_ms";
    assert_eq!(jar.bundle(), Err(BundleError::DerivedMissing { field }));
    assert!(supply(&mut jar, 59_999).is_ok());
}

#[test]
fn another_session_begins_without_values() {
    let pool = pool();
    let (_, mut jar) = served(&pool);
    supply(&mut jar, 1).unwrap();
    let other = pool.open(film()).unwrap().flush().unwrap().unwrap();
    jar.switch(&other).unwrap();
    let field = "position_ms";
    assert_eq!(jar.bundle(), Err(BundleError::DerivedMissing { field }));
    jar.clear();
    assert_eq!(jar.bundle(), Err(BundleError::NothingToPresent));
}

#[test]
fn a_server_that_issues_nothing_out_of_bounds_looks_at_derived_values_too() {
    let (mut session, _) = served(&pool());
    session.edit().set_position_ms(50_000).unwrap();
    session.edit().set_length_ms(49_999);
    let Err(FlushError::OutOfRange(error)) = session.flush() else {
        panic!("the position is beyond the film");
    };
    assert_eq!(error.field, "position_ms");
    session.edit().set_position_ms(49_999).unwrap();
    assert!(session.flush().unwrap().is_some());
}

#[test]
fn a_defaulted_tier_leaves_its_derived_fields_to_the_client() {
    let pool = pool();
    let (_, mut jar) = served(&pool);
    let bundle = supply(&mut jar, 9).unwrap();
    // The root's cookie alone, and the derived section.
    let (root, rest) = cut_off(&bundle[1..]);
    let (_, derived) = cut_off(rest);
    let alone = [&[bundle[0] - 1][..], root, derived].concat();
    let resumed = pool.resume(&alone).unwrap();
    assert_eq!(resumed.defaulted.highest(), Some(Tier::LOWEST));
    let Film {
        position_ms,
        quality,
        ..
    } = resumed.session.end();
    assert_eq!((position_ms, quality), (9, 0), "quality takes its default");
}

fn cut_off(bytes: &[u8]) -> (&[u8], &[u8]) {
    let len = usize::from(bytes[0]);
    assert!(len < 0x80);
    bytes.split_at(1 + len)
}

#[test]
fn a_server_that_keeps_what_it_issued_presents_its_own_values() {
    let builder = Pool::<Film>::builder("film.example", Keys::ephemeral().unwrap());
    let pool = builder.keep_issued().build().unwrap();
    let (mut session, _) = served(&pool);
    session.edit().set_position_ms(12_345).unwrap();
    let resumed = pool.resume(&session.bundle().unwrap()).unwrap();
    assert_eq!(*resumed.session, *session);
}

#[test]
fn the_limit_counts_the_longest_values_a_client_may_supply() {
    let limited = |bytes| {
        let builder = Pool::<Film>::builder("film.example", Keys::ephemeral().unwrap());
        let pool = builder
            .limits(Limits::default().bytes(bytes))
            .build()
            .unwrap();
        pool.open(film()).unwrap().flush().map(|_| ())
    };
    let Err(FlushError::TooLong { len, .. }) = limited(100) else {
        panic!("too long");
    };
    let Err(FlushError::TooLong { limit, .. }) = limited(len - 1) else {
        panic!("too long");
    };
    assert_eq!(limit, len - 1);
    assert_eq!(limited(len), Ok(()));
    let (_, mut jar) = served(&pool());
    let longest = jar.bundle_with::<Film>(|view| {
        view.set_subtitle("sixsix".into())?;
        view.set_viewport(Viewport {
            width: 7680,
            ..VIEWPORT
        })?;
        view.set_position_ms(90_000)
    });
    let longest = longest.unwrap();
    // A `u32` may take five bytes and a `u16` three, this position and this width take three and two.
    assert_eq!(longest.len() + 3, len);
}

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1h"))]
struct Generic<T>
where
    T: MutableValue + Clone + PartialEq + std::fmt::Debug + 'static,
{
    #[tier(1)]
    #[mutable(any, derived)]
    of_client: T,
    #[tier(1)]
    fixed: u8,
    #[tier(0)]
    #[mutable(any)]
    sent: T,
}

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
struct Constant<const N: usize> {
    #[tier(0)]
    fixed: u8,
    #[tier(0)]
    #[mutable(max_len = N, derived)]
    names: Vec<bool>,
    #[tier(0)]
    #[mutable(range = 0..9, derived)]
    digits: [u8; N],
}
