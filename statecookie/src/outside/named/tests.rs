//! Which texts name a type, and values of it.

use alloc::string::ToString;

use super::*;

#[test]
fn names_what_is_beyond_doubt() {
    for text in [
        "u8",
        "usize",
        "bool",
        "String",
        "Option<u8>",
        "Vec<[f32;3]>",
        "(u8,String)",
        "(u8,)",
        "(u8)",
        "::std::vec::Vec<core::option::Option<i128>>",
        "[[u8;2usize];3]",
        "std::time::Duration",
    ] {
        assert!(Named::read(text).is_some(), "{text}");
    }
    for text in [
        "",
        "Item",
        "Vec<Item>",
        "Option",
        "Vec<u8",
        "Vec<u8>>",
        "[u8;N]",
        "[u8;0]",
        "()",
        "Duration",
        "duration",
        "chrono::Duration",
        "my::String",
        "(u8,",
        "&'static str",
        "Vec<()>",
        "dyn u8",
        "r#u8",
        "u8:",
    ] {
        assert_eq!(Named::read(text), None, "{text}");
    }
    let nested =
        |levels: usize| ["Option<".repeat(levels), "u8".into(), ">".repeat(levels)].concat();
    assert!(Named::read(&nested(64)).is_some());
    assert_eq!(Named::read(&nested(100_000)), None);
}

#[test]
fn reads_what_servers_write() {
    let value: (
        u8,
        Vec<Option<String>>,
        [i64; 2],
        f32,
        char,
        core::time::Duration,
    ) = (
        7,
        alloc::vec![None, Some("two".into())],
        [-1, 300],
        0.5,
        'ß',
        core::time::Duration::from_millis(1_500),
    );
    let mut bytes = Vec::new();
    signed::encode(&value, &mut bytes).unwrap();
    let named = "(u8,Vec<Option<String>>,[i64;2],f32,char,std::time::Duration)";
    let named = Named::read(named).unwrap();
    let mut input = Reader::new(&bytes);
    let shown = named.decode(&mut input).unwrap().to_string();
    assert_eq!(
        shown,
        "[7, [None, Some(\"two\")], [-1, 300], 0.5, 'ß', 1.5s]"
    );
    assert!(input.is_empty());
    for len in 0..bytes.len() {
        assert!(
            named.decode(&mut Reader::new(&bytes[..len])).is_err(),
            "{len}"
        );
    }
}

#[test]
fn believes_no_count() {
    let named = Named::read("Vec<Vec<u64>>").unwrap();
    let mut bytes = alloc::vec![0xff; 9];
    bytes.push(1);
    assert!(named.decode(&mut Reader::new(&bytes)).is_err());
    let named = Named::read("[u8;18446744073709551615]").unwrap();
    assert!(named.decode(&mut Reader::new(&[0; 100])).is_err());
}
