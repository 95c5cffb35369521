//! The typed view: what the client sees, what it may change, and what it is refused.
#![forbid(unsafe_code)]

use std::time::Duration;

use statecookie::{
    Jar, Keys, Malformed, Merged, Pool, Secret, Session, StateCookie, Timestamp, ViewError, inspect,
};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
struct Player {
    #[tier(1)]
    #[immutable]
    name: String,
    #[tier(1)]
    #[private]
    rating: u16,
    #[tier(1)]
    #[immutable]
    longest: u32,
    #[tier(1)]
    #[mutable(range = 0..=4)]
    quality: u8,
    #[tier(0)]
    #[mutable(range = 0..=self.longest)]
    position: u32,
}

/// The same as [`Player`] but for one bound.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    name = "Player",
    version = 1,
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1m")
)]
struct Changed {
    #[tier(1)]
    #[immutable]
    name: String,
    #[tier(1)]
    #[private]
    rating: u16,
    #[tier(1)]
    #[immutable]
    longest: u32,
    #[tier(1)]
    #[mutable(range = 0..=5)]
    quality: u8,
    #[tier(0)]
    #[mutable(range = 0..=self.longest)]
    position: u32,
}

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

#[test]
fn shows_everything_but_the_private_fields() {
    let (mut jar, _) = client();
    let view = jar.view::<Player>().unwrap();
    assert_eq!(view.name(), "Ada");
    assert_eq!(*view.longest(), 1000);
    assert_eq!(*view.quality(), 3);
    assert_eq!(*view.position(), 250);
}

#[test]
fn changes_come_back_on_another_server_and_survive_a_duplicate() {
    let (mut jar, full) = client();
    let mut view = jar.view::<Player>().unwrap();
    view.set_quality(1).unwrap();
    view.set_position(1000).unwrap();
    assert_eq!(jar.merge(&full), Ok(Merged::Unchanged));
    assert_eq!(*jar.view::<Player>().unwrap().position(), 1000);
    let resumed = pool().resume_at(&jar.bundle().unwrap(), NOW).unwrap();
    let expected = Player {
        quality: 1,
        position: 1000,
        ..player()
    };
    assert_eq!(*resumed.session, expected);
}

#[test]
fn a_newer_cookie_of_the_tier_undoes_the_clients_change_and_no_other() {
    let (mut session, full) = server();
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&full), Ok(Merged::Updated));
    let mut view = jar.view::<Player>().unwrap();
    view.set_quality(1).unwrap();
    view.set_position(1000).unwrap();
    session.edit().set_position(7).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    assert_eq!(jar.merge(&update), Ok(Merged::Updated));
    let view = jar.view::<Player>().unwrap();
    assert_eq!((*view.quality(), *view.position()), (1, 7));
}

#[test]
fn the_same_values_are_refused_as_on_the_server() {
    let (mut session, full) = server();
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&full), Ok(Merged::Updated));
    let before = jar.bundle().unwrap();
    let mut view = jar.view::<Player>().unwrap();
    let refused = view.set_position(1001).unwrap_err();
    assert_eq!(refused, session.edit().set_position(1001).unwrap_err());
    let refused = view.set_quality(5).unwrap_err();
    assert_eq!(refused, session.edit().set_quality(5).unwrap_err());
    assert_eq!(jar.bundle().unwrap(), before);
}

#[test]
fn an_empty_jar_and_another_schema_show_nothing() {
    assert_eq!(
        Jar::new().view::<Player>().err(),
        Some(ViewError::NothingToShow)
    );
    let (mut jar, _) = client();
    assert_eq!(jar.view::<Changed>().err(), Some(ViewError::UnknownSchema));
    assert!(jar.view::<Player>().is_ok());
    assert_eq!(jar.view::<Changed>().err(), Some(ViewError::UnknownSchema));
}

#[test]
fn sections_that_do_not_fit_the_schema_are_refused() {
    let (_, full) = server();
    let lowest = inspect(&full).unwrap().cookies[1].len;
    let cut = |bytes: &[u8], by: usize| {
        let mut bytes = bytes.to_vec();
        let at = bytes.len() - lowest - 1;
        bytes[at] -= by as u8;
        bytes.truncate(bytes.len() - by);
        bytes
    };
    let mut longer = full.clone();
    let at = longer.len() - lowest - 1;
    longer[at] += 1;
    longer.push(0);
    for (update, cause) in [
        (longer, Malformed::TrailingBytes),
        (cut(&full, 1), Malformed::Truncated),
    ] {
        let mut jar = Jar::new();
        assert_eq!(jar.merge(&update), Ok(Merged::Updated));
        let refused = jar.view::<Player>().err();
        assert!(
            matches!(refused, Some(ViewError::Malformed { tier, cause: found, .. })
                if tier.number() == 0 && found == cause),
            "{refused:?}"
        );
    }
}

/// Sections that the schema has not, announced by a forger and empty.
#[test]
fn announced_sections_are_those_of_the_schema() {
    let (_, full) = server();
    let lowest = inspect(&full).unwrap().cookies[1].len;
    let (before, cookie) = full.split_at(full.len() - lowest);
    // Shape, link, vector, not-before, life.
    let (header, rest) = cookie.split_at(1 + 4 + 2 + 1 + 1);
    for (bit, section) in [(0x40, vec![0]), (0x80, vec![0; 1 + 24 + 16])] {
        let mut forged = [before, header, &section, rest].concat();
        forged[before.len()] |= bit;
        forged[before.len() - 1] += section.len() as u8;
        let mut jar = Jar::new();
        assert_eq!(jar.merge(&forged), Ok(Merged::Updated));
        let refused = jar.view::<Player>().err();
        assert!(
            matches!(
                refused,
                Some(ViewError::Malformed { tier, field: None, cause: Malformed::Unsupported })
                    if tier.number() == 0
            ),
            "{refused:?}"
        );
    }
}

#[test]
fn an_issued_value_outside_its_bound_is_not_shown() {
    let (_, mut full) = server();
    // The position, 250, is the last field of the last cookie; 0xff 0x7f is 16383.
    let end = full.len();
    full[end - 2..].copy_from_slice(&[0xff, 0x7f]);
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&full), Ok(Merged::Updated));
    assert!(matches!(
        jar.view::<Player>().err(),
        Some(ViewError::OutOfRange(_))
    ));
}

#[test]
fn inspection_says_what_anybody_can_read_and_no_value() {
    let (_, full) = server();
    let inspection = inspect(&full).unwrap();
    let root = inspection.root.as_ref().unwrap();
    assert_eq!(
        (root.born, root.end),
        (NOW, NOW.saturating_add(Duration::from_secs(86_400)))
    );
    assert_eq!(inspection.cookies[1].not_before, Some(NOW));
    assert_eq!(inspection.cookies[1].life, Duration::from_secs(60));
    assert_eq!(inspection.cookies[0].immutable_len, 6);
    assert_eq!(inspection.cookies[0].private_len, 24 + 16 + 16);
    let shown = format!("{inspection} {inspection:?}");
    assert!(
        shown.contains("update") && shown.contains("tier 1 of 2"),
        "{shown}"
    );
    assert!(!shown.contains("Ada"), "{shown}");
}

fn player() -> Player {
    Player {
        name: "Ada".into(),
        rating: 1800,
        longest: 1000,
        quality: 3,
        position: 250,
    }
}

fn pool() -> Pool<Player> {
    let secret: Vec<u8> = (0..32).collect();
    Pool::new("game", Keys::embedded(Secret::from_bytes(&secret).unwrap())).unwrap()
}

fn server() -> (Session<Player>, Vec<u8>) {
    let mut session = pool().open_at(player(), NOW).unwrap();
    let full = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    (session, full)
}

fn client() -> (Jar, Vec<u8>) {
    let (_, full) = server();
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&full), Ok(Merged::Updated));
    (jar, full)
}
