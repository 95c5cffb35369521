//! Other libraries that protect the same 16 bytes with expiry and order.

use std::hint::black_box;

use base64ct::{Base64UrlUnpadded, Encoding};
use cookie::{Cookie, CookieJar, Key};
use jsonwebtoken::{EncodingKey, Header};
use serde::Serialize;
use statecookie_tests::shop::{self, NOW, SECRET, Shop};

use crate::harness::{Operation, Row, Target, repeated};
use crate::rows::partial;

const EXPIRY: u64 = NOW.as_secs() + 30;

/// Our line beside each of theirs.
pub(crate) fn rows() -> Vec<Row> {
    let peers = [
        ("cookie PrivateJar", private_jar()),
        ("jsonwebtoken HS256", json_web_token()),
        ("branca", branca()),
    ];
    peers
        .into_iter()
        .map(|(against, other)| Row {
            name: "edit + flush_into, tier 0",
            against,
            operation: partial(shop::shop()),
            other,
            target: Target::Faster(3.0),
        })
        .collect()
}

/// Bytes of the whole state with an expiry in a private cookie.
pub(crate) fn private_jar_len(shop: &Shop) -> usize {
    let account = (
        shop.customer,
        &shop.name,
        shop.credit_rating,
        &shop.discount,
    );
    let whole = (account, &shop.cart, shop.quality, shop.position, shop.yaw);
    let bytes = postcard::to_allocvec(&(EXPIRY, whole)).expect("it encodes");
    sealed(&key(), &bytes).len()
}

fn private_jar() -> Operation {
    let (key, shop) = (key(), shop::shop());
    let mut order = 0_u32;
    repeated(move || {
        order += 1;
        let value = (EXPIRY, order, black_box(shop.position), shop.yaw);
        let bytes = postcard::to_allocvec(&value).expect("it encodes");
        black_box(sealed(&key, &bytes));
    })
}

fn key() -> Key {
    Key::from(&[SECRET, SECRET].concat())
}

fn sealed(key: &Key, bytes: &[u8]) -> String {
    let mut jar = CookieJar::new();
    let text = Base64UrlUnpadded::encode_string(bytes);
    jar.private_mut(key).add(Cookie::new("s", text));
    let sealed = jar.get("s").expect("it was added");
    sealed.value().to_owned()
}

#[derive(Serialize)]
struct Claims {
    exp: u64,
    order: u32,
    position: [f32; 3],
    yaw: f32,
}

fn json_web_token() -> Operation {
    let (header, key, shop) = (
        Header::default(),
        EncodingKey::from_secret(&SECRET),
        shop::shop(),
    );
    let mut order = 0_u32;
    repeated(move || {
        order += 1;
        let claims = Claims {
            exp: EXPIRY,
            order,
            position: black_box(shop.position),
            yaw: shop.yaw,
        };
        black_box(jsonwebtoken::encode(&header, &claims, &key).expect("it encodes"));
    })
}

fn branca() -> Operation {
    let shop = shop::shop();
    let mut order = 0_u32;
    repeated(move || {
        order += 1;
        let value = (order, black_box(shop.position), shop.yaw);
        let bytes = postcard::to_allocvec(&value).expect("it encodes");
        black_box(branca::encode(&bytes, &SECRET, EXPIRY as u32).expect("it encodes"));
    })
}
