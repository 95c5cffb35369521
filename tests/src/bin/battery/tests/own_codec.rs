//! The oracle's strict codec at its edges.

use std::fmt::Debug;
use std::time::Duration;

use crate::wire::put::{self, Out};
use crate::wire::strict::{Fault, Strict};

type Read<T> = fn(&mut Strict<'static>) -> Result<T, Fault>;

fn all<T>(read: Read<T>, bytes: &'static [u8]) -> Result<T, Fault> {
    let mut input = Strict::new(bytes);
    let value = read(&mut input)?;
    if input.rest().is_empty() {
        Ok(value)
    } else {
        Err(Fault::Undecodable)
    }
}

fn takes<T: Debug + PartialEq>(read: Read<T>, cases: &[(&'static [u8], T)]) {
    for (bytes, value) in cases {
        assert_eq!(all(read, bytes).as_ref(), Ok(value), "{bytes:02x?}");
    }
}

fn refuses<T: Debug + PartialEq>(read: Read<T>, cases: &[&'static [u8]]) {
    for bytes in cases {
        assert_eq!(all(read, bytes), Err(Fault::Undecodable), "{bytes:02x?}");
    }
}

#[test]
fn numbers_have_one_form_and_their_own_width() {
    takes(
        Strict::u16,
        &[
            (&[0], 0),
            (&[0x7f], 127),
            (&[0x80, 1], 128),
            (&[0xff, 0xff, 3], u16::MAX),
        ],
    );
    refuses(
        Strict::u16,
        &[
            &[],
            &[0x80],
            &[0x80, 0],
            &[0xff, 0xff, 4],
            &[0xff, 0xff, 0x83, 0],
            &[0, 0],
        ],
    );
    takes(
        Strict::u64,
        &[(
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
            u64::MAX,
        )],
    );
    refuses(
        Strict::u64,
        &[&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]],
    );
    takes(
        Strict::i16,
        &[
            (&[0], 0),
            (&[1], -1),
            (&[2], 1),
            (&[0xff, 0xff, 3], i16::MIN),
        ],
    );
    takes(
        Strict::u128,
        &[(
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2],
            1 << 64,
        )],
    );
}

#[test]
fn other_values_have_one_form_too() {
    takes(Strict::flag, &[(&[0], false), (&[1], true)]);
    refuses(Strict::flag, &[&[2], &[0x80], &[]]);
    takes(Strict::char, &[(b"\x01a", 'a'), ("\x02ß".as_bytes(), 'ß')]);
    refuses(
        Strict::char,
        &[b"\x00", b"\x02ab", b"\x03\xed\xa0\x80", b"\x02a"],
    );
    takes(
        Strict::duration,
        &[
            (&[5, 0], Duration::from_secs(5)),
            (
                &[0, 0xff, 0x93, 0xeb, 0xdc, 3],
                Duration::from_nanos(999_999_999),
            ),
        ],
    );
    refuses(Strict::duration, &[&[0, 0x80, 0x94, 0xeb, 0xdc, 3], &[5]]);
    takes(
        |input| input.text(2),
        &[(b"\x02ab", "ab".into()), (b"\x00", String::new())],
    );
    refuses(|input| input.text(2), &[b"\x03abc", b"\x02a", b"\x01\xff"]);
    takes(
        |input| input.sequence(2, Strict::u8),
        &[(&[2, 7, 8], vec![7, 8])],
    );
    refuses(
        |input| input.sequence(2, Strict::u8),
        &[&[3, 1, 2, 3], &[2, 1]],
    );
    refuses(|input| input.variant(3), &[&[3]]);
}

#[test]
fn what_is_put_is_read_again() {
    let mut out = Out::new();
    for value in [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN] {
        out.clear();
        put::i(&mut out, value);
        assert_eq!(Strict::new(&out).i64(), Ok(value));
        out.clear();
        put::wide_i(&mut out, i128::from(value) << 64);
        assert_eq!(Strict::new(&out).i128(), Ok(i128::from(value) << 64));
    }
}
