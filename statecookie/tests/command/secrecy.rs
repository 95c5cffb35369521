//! `inspect` without keys, over generated schemas and states: no private value, no key, no ciphertext and no tag, in no form.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{Entropy, KeyFile, KeyRing, Keys, Pool, Schema, StateCookie, inspect, to_text};

use crate::fixed::{at, ring};
use crate::kit::{Folder, good};

/// Bytes of the smallest piece that is looked for: three of four alignments of base64 apart, each is met.
const PIECE: usize = 9;

/// Values by chance, the same in every run.
struct Dice(FixedEntropy);

impl Dice {
    fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.0.fill(&mut bytes).unwrap();
        bytes
    }

    fn below(&mut self, end: usize) -> usize {
        usize::from(self.bytes(1)[0]) % end
    }
}

/// A value that no chance gives twice, and the forms in which a text could betray it beside those of its bytes.
trait Telling: Serialize + DeserializeOwned + Clone + PartialEq + 'static {
    fn draw(dice: &mut Dice) -> Self;
    fn secrets(&self) -> Vec<Vec<u8>>;
}

impl Telling for String {
    fn draw(dice: &mut Dice) -> Self {
        let len = 12 + dice.below(20);
        let letter = |byte: u8| char::from(b'!' + byte % 94);
        dice.bytes(len).into_iter().map(letter).collect()
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![self.as_bytes().to_vec()]
    }
}

impl Telling for Vec<u8> {
    fn draw(dice: &mut Dice) -> Self {
        let len = 12 + dice.below(20);
        dice.bytes(len)
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![self.clone()]
    }
}

impl Telling for u128 {
    fn draw(dice: &mut Dice) -> Self {
        u128::from_le_bytes(dice.bytes(16).try_into().unwrap()) | 1 << 127
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        let (digits, hex) = (self.to_string(), format!("{self:x}"));
        vec![self.to_le_bytes().into(), digits.into(), hex.into()]
    }
}

impl<T: Telling, const N: usize> Telling for [T; N]
where
    [T; N]: Serialize + DeserializeOwned,
{
    fn draw(dice: &mut Dice) -> Self {
        std::array::from_fn(|_| T::draw(dice))
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        self.iter().flat_map(T::secrets).collect()
    }
}

impl<T: Telling> Telling for Option<T> {
    fn draw(dice: &mut Dice) -> Self {
        Some(T::draw(dice))
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        self.iter().flat_map(T::secrets).collect()
    }
}

impl<A: Telling, B: Telling> Telling for (A, B) {
    fn draw(dice: &mut Dice) -> Self {
        (A::draw(dice), B::draw(dice))
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        [self.0.secrets(), self.1.secrets()].concat()
    }
}

/// A state of a generated schema.
trait Drawn: StateCookie + Clone + PartialEq {
    fn draw(dice: &mut Dice) -> Self;
    fn secrets(&self) -> Vec<Vec<u8>>;
}

/// Three tiers, private fields in two of them; the open ones hold what is drawn, too, and may be shown.
macro_rules! three_tiers {
    ($($name:ident: $hidden:ty, $open:ty;)*) => {$(
        #[derive(StateCookie, Clone, PartialEq)]
        #[statecookie(version = 2, pad = 8, tier(2, valid_for = "3h"), tier(1, valid_for = "1h"), tier(0, valid_for = "1m", or_default))]
        struct $name {
            #[tier(2)]
            #[private]
            above: $hidden,
            #[tier(1)]
            open: $open,
            #[tier(1)]
            #[private]
            first: $hidden,
            #[tier(1)]
            #[private]
            second: $open,
            #[tier(0)]
            #[mutable(max_len = 40)]
            own: String,
            #[tier(0)]
            #[mutable(range = 0..=1_000)]
            number: u16,
        }

        drawn! { $name { above: $hidden, open: $open, first: $hidden, second: $open, own: String } hidden { above first second } number }
    )*};
}

/// One tier, and all of it is private.
macro_rules! one_tier {
    ($($name:ident: $hidden:ty, $open:ty;)*) => {$(
        #[derive(StateCookie, Clone, PartialEq)]
        #[statecookie(tier(0, valid_for = "1h"))]
        struct $name {
            #[tier(0)]
            #[private]
            one: $hidden,
            #[tier(0)]
            #[private]
            other: $open,
        }

        drawn! { $name { one: $hidden, other: $open } hidden { one other } }
    )*};
}

/// Five tiers, a private field in each, and what the client works out for itself.
macro_rules! five_tiers {
    ($($name:ident: $hidden:ty, $open:ty;)*) => {$(
        #[derive(StateCookie, Clone, PartialEq)]
        #[statecookie(
            version = 9, pad = 64,
            tier(4, valid_for = "3h"), tier(3, valid_for = "2h"), tier(2, valid_for = "1h"), tier(1, valid_for = "30m"), tier(0, valid_for = "5m")
        )]
        struct $name {
            #[tier(4)]
            #[private]
            a: $hidden,
            #[tier(3)]
            #[private]
            b: $open,
            #[tier(3)]
            open: $hidden,
            #[tier(2)]
            #[private]
            c: $hidden,
            #[tier(1)]
            #[private]
            d: $open,
            #[tier(0)]
            #[private]
            e: $hidden,
            #[tier(0)]
            #[mutable(max_len = 40)]
            own: String,
            #[tier(0)]
            #[mutable(range = 0..=1_000, derived)]
            number: u16,
        }

        drawn! { $name { a: $hidden, b: $open, open: $hidden, c: $hidden, d: $open, e: $hidden, own: String } hidden { a b c d e } number }
    )*};
}

macro_rules! drawn {
    ($name:ident { $($field:ident: $type:ty),* } hidden { $($hidden:ident)* } $($number:ident)?) => {
        impl Drawn for $name {
            fn draw(dice: &mut Dice) -> Self {
                Self {
                    $($field: <$type as Telling>::draw(dice),)*
                    $($number: dice.below(256) as u16,)?
                }
            }

            fn secrets(&self) -> Vec<Vec<u8>> {
                [$(self.$hidden.secrets()),*].concat()
            }
        }
    };
}

macro_rules! each {
    ($($name:ident)*) => {
        const SCHEMAS: usize = [$(stringify!($name)),*].len();

        fn each(mut look: impl Look) -> usize {
            let mut states = 0;
            $(for seed in 0..STATES {
                look.at(&$name::draw(&mut Dice(FixedEntropy::new(1_000 * seed))));
                states += 1;
            })*
            states
        }
    };
}

three_tiers! {
    Texts: String, String;
    Bytes: Vec<u8>, u128;
    Numbers: u128, [u128; 2];
    Pairs: (String, u128), Option<String>;
    Lists: [String; 3], (Vec<u8>, String);
    Maybe: Option<(u128, Vec<u8>)>, String;
}

one_tier! {
    OneText: String, [u128; 3];
    OneNumber: u128, Vec<u8>;
    OneList: [Vec<u8>; 2], Option<(String, u128)>;
    OnePair: (u128, String), String;
}

five_tiers! {
    FiveTexts: String, Vec<u8>;
    FiveNumbers: u128, Option<u128>;
    FiveLists: [String; 2], (u128, u128);
    FivePairs: (Vec<u8>, String), [u128; 2];
}

each! {
    Texts Bytes Numbers Pairs Lists Maybe
    OneText OneNumber OneList OnePair
    FiveTexts FiveNumbers FiveLists FivePairs
}

const STATES: u64 = 4;

trait Look {
    fn at<S: Drawn>(&mut self, state: &S);
}

/// What was issued, presented, and written down, and what of it is secret.
struct Presented {
    blobs: Vec<Vec<u8>>,
    schema: String,
    secrets: Vec<Vec<u8>>,
}

fn present<S: Drawn>(state: &S) -> Presented {
    let keys = Keys::ring(KeyRing::new(ring()).unwrap());
    let builder = Pool::<S>::builder("shop.example", keys).clock(TestClock::at(at(0)));
    let builder = builder.entropy(FixedEntropy::new(1 << 60)).keep_issued();
    let pool = builder.build().unwrap();
    let mut session = pool.open_at(state.clone(), at(0)).unwrap();
    let update = session.flush_at(at(0)).unwrap().unwrap().into_bytes();
    let mut secrets = state.secrets();
    for key in ring() {
        let text = KeyRing::new(vec![key]).unwrap().to_text().unwrap();
        let line = text
            .as_str()
            .lines()
            .find(|line| line.starts_with("secret"));
        let base64 = line.unwrap().split(':').nth(1).unwrap();
        secrets.push(base64.trim_end_matches(['"', '=']).as_bytes().to_vec());
    }
    secrets.extend((7..9).map(|id| (0..32).map(|place| place ^ id).collect()));
    secrets.extend(sealed(&update));
    Presented {
        blobs: vec![update, session.bundle().unwrap()],
        schema: Schema::of::<S>().unwrap().to_json(),
        secrets,
    }
}

/// Nonce, ciphertext and tag of each cookie: who had them from a log could present them.
fn sealed(update: &[u8]) -> Vec<Vec<u8>> {
    let mut behind = update.len();
    let mut found = Vec::new();
    for cookie in inspect(update).unwrap().cookies.iter().rev() {
        let end = behind - cookie.mutable_len;
        found.push(update[end - 16 - cookie.private_len..end].to_vec());
        behind -= cookie.len + if cookie.len < 128 { 1 } else { 2 };
    }
    assert_eq!(behind, 1);
    found
}

/// Every form of every piece of a secret.
fn forms(secret: &[u8]) -> BTreeSet<String> {
    let written = |piece: &[u8]| {
        let hex = |joint: &str| {
            let digits: Vec<_> = piece.iter().map(|byte| format!("{byte:02x}")).collect();
            digits.join(joint)
        };
        let list: Vec<_> = piece.iter().map(u8::to_string).collect();
        let text = String::from_utf8_lossy(piece).into_owned();
        let standard = to_text(piece).replace('-', "+").replace('_', "/");
        [
            hex(""),
            hex("").to_uppercase(),
            hex(" "),
            hex(":"),
            list.join(", "),
            list.join(","),
            piece.escape_ascii().to_string(),
            text.escape_debug().to_string(),
            text,
            to_text(piece),
            standard,
        ]
    };
    secret
        .windows(PIECE.min(secret.len()))
        .flat_map(written)
        .collect()
}

fn betrayed(said: &str, forms: &BTreeSet<String>) -> Option<String> {
    forms
        .iter()
        .find(|form| said.contains(form.as_str()))
        .cloned()
}

fn all_forms(secrets: &[Vec<u8>]) -> BTreeSet<String> {
    secrets.iter().flat_map(|secret| forms(secret)).collect()
}

/// Runs `inspect` without keys in every way.
struct Keyless(Folder, usize);

impl Look for Keyless {
    fn at<S: Drawn>(&mut self, state: &S) {
        let presented = present(state);
        let schema = self.0.with("schema.json", &presented.schema);
        let forms = all_forms(&presented.secrets);
        for blob in &presented.blobs {
            let text = to_text(blob);
            for more in [
                &[][..],
                &["--json"],
                &["--schema", &schema],
                &["--schema", &schema, "--json"],
            ] {
                let said = good(&[&["inspect", &text][..], more].concat());
                let found = betrayed(&said, &forms);
                assert_eq!(found, None, "{said}");
                self.1 += 1;
            }
        }
    }
}

#[test]
fn inspect_without_keys_betrays_nothing() {
    let mut runs = 0;
    let states = each_with(|look| runs += look.1);
    println!("{states} states of {SCHEMAS} schemas, {runs} runs");
    assert_eq!((states, runs), (4 * SCHEMAS, 32 * SCHEMAS));
}

fn each_with(mut done: impl FnMut(&Keyless)) -> usize {
    struct Counted<'d>(Keyless, &'d mut dyn FnMut(&Keyless));
    impl Look for Counted<'_> {
        fn at<S: Drawn>(&mut self, state: &S) {
            self.0.1 = 0;
            self.0.at(state);
            (self.1)(&self.0);
        }
    }
    each(Counted(Keyless(Folder::new(), 0), &mut done))
}

/// The control: the same search finds each private value where they are asked for, and what is planted beside.
struct Control(Folder);

impl Look for Control {
    fn at<S: Drawn>(&mut self, state: &S) {
        let presented = present(state);
        let schema = self.0.with("schema.json", &presented.schema);
        let file = self.0.file();
        KeyFile::at(&file)
            .write(&KeyRing::new(ring()).unwrap())
            .unwrap();
        let text = to_text(&presented.blobs[1]);
        let keys = [
            "--schema",
            &schema,
            "--keys",
            &file,
            "--pool",
            "shop.example",
        ];
        let asked = [&["inspect", &text, "--now", "1800000000"][..], &keys].concat();
        let said = good(&asked);
        let all = all_forms(&presented.secrets);
        assert_eq!(betrayed(&said, &all), None, "{said}");
        let private = state.secrets();
        let others = all_forms(&presented.secrets[private.len()..]);
        let private = all_forms(&private);
        for json in [&[][..], &["--json"]] {
            let said = good(&[&asked[..], &["--show-private"], json].concat());
            assert!(betrayed(&said, &private).is_some(), "{said}");
            assert_eq!(betrayed(&said, &others), None);
        }
        for secret in &presented.secrets {
            let own = forms(secret);
            for form in [
                to_text(secret),
                format!("x{}", String::from_utf8_lossy(secret)),
            ] {
                let planted = format!("{said}{form}");
                assert!(betrayed(&planted, &own).is_some(), "{form}");
            }
        }
    }
}

#[test]
fn what_is_betrayed_is_found() {
    assert_eq!(each(Control(Folder::new())), 4 * SCHEMAS);
}
