//! The words of the attribute language that the shop does not use.

#![allow(
    clippy::expect_used,
    reason = "helpers of tests stop at the first surprise"
)]

use core::time::Duration;

use statecookie::private::Class;
use statecookie::{MutableValue, OutOfRange, StateCookie, TierSet};
use statecookie_tests::field_source::{FieldSource, all_tiers, written};

const QUALITIES: core::ops::RangeInclusive<u8> = 1..=5;
const HIGHEST: u8 = 9;

#[derive(MutableValue, Clone, Copy, Debug, Default, PartialEq)]
enum Mode {
    #[default]
    Walk,
    Fly,
    Swim,
}

#[derive(MutableValue, Clone, Debug, Default, PartialEq)]
struct Label {
    #[mutable(max_len = 4)]
    text: String,
    #[mutable(range = 0..=HIGHEST)]
    size: u8,
    #[mutable(any)]
    mode: Mode,
}

fn is_even(value: &u32) -> bool {
    value.is_multiple_of(2)
}

fn is_lower_case(value: &str) -> bool {
    value.chars().all(char::is_lowercase)
}

#[derive(StateCookie, Clone, Debug, Default, PartialEq)]
#[statecookie(
    name = "words",
    version = 3,
    pad = 32,
    session_max = "2days",
    max_cookie_len = 4096,
    validate = Words::is_sound,
    tier(0, valid_for = "10m", renew_after = "20%"),
    tier(1, valid_for = "20m", renew_after = "90s")
)]
struct Words {
    #[state(tier = 1, private)]
    licence: u32,
    #[tier(1)]
    duration_ms: u64,
    #[state(tier = 1)]
    offset: i64,
    #[state(tier = 0, mutable(range = 0..=self.duration_ms))]
    position_ms: u64,
    #[tier(0)]
    #[mutable(range = -1 - self.offset * 2..(self.duration_ms as i64 / 4).saturating_add(1))]
    skew: i64,
    #[tier(0)]
    #[mutable(range = QUALITIES)]
    quality: u8,
    #[tier(0)]
    #[mutable(range(min = 1, max = HIGHEST))]
    level: u8,
    #[tier(0)]
    #[mutable(range(max = Duration::from_secs(5)))]
    delay: Duration,
    #[tier(0)]
    #[mutable(range = 'a'..='f')]
    letter: Option<char>,
    #[tier(0)]
    #[mutable(range = ..10, max_len = 3)]
    numbers: Vec<u16>,
    #[tier(0)]
    #[mutable(max_len = 2, each(max_len = 3, each(max_len = 2)))]
    nested: Vec<Option<[Vec<String>; 1]>>,
    #[tier(0)]
    #[mutable(one_of("EUR", "USD"), max_len = 3)]
    currency: String,
    #[tier(0)]
    #[mutable(one_of(Mode::Walk, Mode::Fly))]
    mode: Mode,
    #[tier(0)]
    #[mutable(one_of(0, 2, u32::MAX))]
    mask: u32,
    #[tier(0)]
    #[mutable(check = is_even)]
    even: u32,
    #[tier(0)]
    #[mutable(check = is_lower_case, max_len = 8)]
    word: String,
    #[tier(0)]
    #[mutable(any)]
    flag: bool,
    #[tier(0)]
    #[mutable(any, max_len = 2)]
    labels: Vec<Label>,
}

impl Words {
    fn is_sound(&self) -> Result<(), &'static str> {
        if self.level >= self.quality {
            Ok(())
        } else {
            Err("the level is below the quality")
        }
    }
}

fn words() -> Words {
    Words {
        duration_ms: 1000,
        offset: 10,
        quality: 1,
        level: 1,
        currency: "EUR".into(),
        ..Words::default()
    }
}

fn refused(change: impl FnOnce(&mut Words)) -> OutOfRange {
    let mut words = words();
    change(&mut words);
    words
        .__check(all_tiers::<Words>())
        .expect_err("the change is outside a bound")
}

#[test]
fn a_state_with_every_word_reads_back() {
    let mut full = words();
    full.labels = vec![Label {
        text: "abcd".into(),
        size: 9,
        mode: Mode::Swim,
    }];
    full.nested = vec![None, Some([vec!["ab".into(); 3]])];
    full.letter = Some('f');
    assert_eq!(full.__check(all_tiers::<Words>()), Ok(()));
    let bytes = written(&full);
    assert_eq!(Words::__read(&mut FieldSource::new(&bytes)), Ok(full));
}

#[test]
fn every_bound_is_held_and_named() {
    let cases = [
        (
            refused(|words| words.quality = 6),
            "`quality` is outside its bound: 1..=5",
        ),
        (
            refused(|words| words.level = 10),
            "`level` is outside its bound: 1..=9",
        ),
        (
            refused(|words| words.delay = Duration::from_secs(6)),
            "`delay` is outside its bound: ..=5s",
        ),
        (
            refused(|words| words.letter = Some('g')),
            "`letter` is outside its bound: 'a'..='f'",
        ),
        (
            refused(|words| words.numbers = vec![10]),
            "`numbers` is outside its bound: ..10; at most 3 elements",
        ),
        (
            refused(|words| words.numbers = vec![1; 4]),
            "`numbers` is outside its bound: ..10; at most 3 elements",
        ),
        (
            refused(|words| words.nested = vec![Some([vec!["abc".into()]])]),
            "`nested` is outside its bound: at most 2 elements, each at most 3 elements, each at most 2 bytes",
        ),
        (
            refused(|words| words.currency = "GBP".into()),
            "`currency` is outside its bound: one of \"EUR\", \"USD\"; at most 3 bytes",
        ),
        (
            refused(|words| words.mode = Mode::Swim),
            "`mode` is outside its bound: one of Mode::Walk, Mode::Fly",
        ),
        (
            refused(|words| words.mask = 1),
            "`mask` is outside its bound: one of 0, 2, u32::MAX",
        ),
        (
            refused(|words| words.even = 1),
            "`even` is outside its bound: what `is_even` accepts",
        ),
        (
            refused(|words| words.word = "A".into()),
            "`word` is outside its bound: what `is_lower_case` accepts; at most 8 bytes",
        ),
    ];
    for (error, text) in cases {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_bound_inside_a_struct_is_held_by_setter_and_reader() {
    let label = Label {
        text: "abcde".into(),
        ..Label::default()
    };
    assert_eq!(
        refused(|words| words.labels = vec![label.clone()]).field,
        "labels"
    );
    let mut edited = words();
    edited
        .__edit(&mut TierSet::EMPTY.clone())
        .set_labels(vec![label])
        .unwrap_err();
}

#[test]
fn a_signed_bound_follows_the_fields_it_names() {
    let mut state = words();
    assert_eq!(refused(|words| words.position_ms = 1001).bound, "0..=1000");
    assert_eq!(refused(|words| words.skew = 251).bound, "-21..251");
    assert_eq!(refused(|words| words.skew = -22).bound, "-21..251");
    let mut touched = TierSet::EMPTY;
    state.__edit(&mut touched).set_duration_ms(10);
    state.__edit(&mut touched).set_position_ms(11).unwrap_err();
    state.__edit(&mut touched).set_position_ms(10).unwrap();
    state.duration_ms = 9;
    let refused = state
        .__check_signed_bounds(all_tiers::<Words>())
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`position_ms` is outside its bound: 0..=9"
    );
    assert_eq!(state.__check_signed_bounds(TierSet::EMPTY), Ok(()));
}

#[test]
fn an_overflowing_signed_bound_refuses_everything_and_never_panics() {
    let error = refused(|words| words.offset = i64::MAX);
    assert_eq!(
        error.to_string(),
        "`skew` is outside its bound: nothing, because the signed bound overflows"
    );
}

#[test]
fn the_structs_own_validation_gives_its_reason() {
    assert_eq!(words().__validate(), Ok(()));
    let invalid = Words {
        level: 0,
        ..words()
    }
    .__validate()
    .unwrap_err();
    assert_eq!(invalid.reason, "the level is below the quality");
}

#[test]
fn options_reach_the_table() {
    let table = Words::TABLE;
    assert_eq!((table.name, table.version, table.pad), ("words", 3, 32));
    assert_eq!(table.max_cookie_len, Some(4096));
    assert_eq!(table.session_max.as_secs(), 48 * 3600);
    assert_eq!(table.tiers[0].renew_after.as_secs(), 120);
    assert_eq!(table.tiers[1].renew_after.as_secs(), 90);
    assert_eq!(table.fields[0].class, Class::Private);
    assert_eq!(table.fields[1].class, Class::Immutable);
}
