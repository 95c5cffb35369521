//! Refused for tags: strangers, splices with links that fit, careless signers, other schemas; and signed nonsense.

use serde_json::Value;
use statecookie_tests::kit::parts::Parts;
use statecookie_tests::kit::sign::{Signer, mac, put_together, root_prefix, taken_apart};

use crate::blob::{bundle, cookies};
use crate::make::{Case, NOW, bound, embedded, full};
use crate::run;
use crate::sample::{Sample, after, of_each, resigned, resigned_of, signer};
use crate::schemas::{Basket, Note, World};
use crate::schemas_deep::{Archive, Till};
use crate::schemas_wide::{Ladder, Numbers};
use crate::skewed;

pub(crate) fn all() -> Vec<Value> {
    let mut cases: Vec<Value> = of_each!(strangers);
    cases.extend(twins());
    cases.extend(spliced());
    cases.extend(nonsense());
    cases.extend(sealed());
    cases
}

/// Well signed by servers whose schema differs in one thing; a control differs in none.
fn twins() -> Vec<Value> {
    let pool = embedded();
    let control = full(&pool, &skewed::same::note());
    assert!(run::resume(&Note::case("control", &control).0)["values"].is_object());
    let twin = |name: &str, blob: &[u8]| Note::case(name, blob).refused("unknown-schema");
    vec![
        twin("of-a-newer-version", &full(&pool, &skewed::newer::note())),
        twin(
            "with-another-padding",
            &full(&pool, &skewed::padded::note()),
        ),
        twin(
            "with-a-field-of-another-name",
            &full(&pool, &skewed::renamed::note()),
        ),
        twin(
            "with-a-type-of-another-name",
            &full(&pool, &skewed::retyped::note()),
        ),
        twin("with-a-longer-text", &full(&pool, &skewed::longer::note())),
        twin("with-a-wider-range", &full(&pool, &skewed::wider::note())),
        twin(
            "with-a-half-open-range",
            &full(&pool, &skewed::half_open::note()),
        ),
    ]
}

/// Presented by somebody else, in another pool, or under another secret.
fn strangers<S: Sample>() -> Vec<Value> {
    let of_client = bound(&embedded(), &S::sample(), b"alice");
    let mut other = embedded();
    other["name"] = "vectors2".into();
    let mut secret = embedded();
    secret["keys"]["embedded"]["secret"] = "11".repeat(31).replacen("11", "1122", 1).into();
    let name = |end: &str| format!("{}-{end}", S::short());
    vec![
        S::case("shown-by-bob", &of_client)
            .identity(b"bob")
            .refused("bad-tag"),
        S::case("shown-by-nobody", &of_client).refused("bad-tag"),
        Case::new(&name("shown-to-another-pool"), S::NAME, &other, &S::blob()).refused("bad-tag"),
        Case::new(&name("under-another-secret"), S::NAME, &secret, &S::blob()).refused("bad-tag"),
    ]
}

/// Cookies of several chains of one pool, linked so that only the tags can tell.
fn spliced() -> Vec<Value> {
    let pool = run::pool::<World>(&embedded());
    let mut session = pool.open_at(World::sample(), after(0)).unwrap();
    let first = session.flush_at(after(0)).unwrap().unwrap().into_bytes();
    session.edit().set_step(2).unwrap();
    let middle = session.flush_at(after(1)).unwrap().unwrap().into_bytes();
    let mut fork = pool.resume_at(&first, after(2)).unwrap().session;
    let forked = fork.flush_at(after(2)).unwrap().unwrap().into_bytes();
    let mut rebound = pool.resume_at(&first, after(2)).unwrap().session;
    rebound.rebind_at(b"alice", after(2)).unwrap();
    let login = rebound.flush_at(after(2)).unwrap().unwrap().into_bytes();
    let stranger = full(
        &embedded(),
        &World {
            account: 1,
            ..World::sample()
        },
    );
    let [first, forked, login, stranger] =
        [first, forked, login, stranger].map(|blob| taken_apart(&blob));
    let middle = taken_apart(&middle);
    let newer = [first[0].clone(), middle[0].clone(), middle[1].clone()];
    let bad = |name: &str, chain: [&Parts; 3]| {
        let mut chain = chain.map(Clone::clone);
        for at in 1..3 {
            let link = chain[at - 1].get("tag")[..4].to_vec();
            chain[at].set("link", &link);
            let above = chain[at - 1].clone();
            for counter in above
                .names()
                .iter()
                .filter(|name| name.starts_with("counter") || *name == "sequence")
            {
                let tier = if counter == "sequence" {
                    "counter 2"
                } else {
                    counter
                };
                chain[at].set(tier, above.get(counter));
            }
        }
        World::case(name, &put_together(&chain))
            .at_ms((NOW + 3) * 1000)
            .refused("bad-tag")
    };
    vec![
        bad(
            "older-lowest-under-the-newer-middle",
            [&newer[0], &newer[1], &first[2]],
        ),
        bad(
            "newer-lowest-under-the-older-middle",
            [&first[0], &first[1], &newer[2]],
        ),
        bad(
            "fork-above-the-dead-servers-tiers",
            [&forked[0], &first[1], &first[2]],
        ),
        bad(
            "dead-servers-root-above-the-fork",
            [&first[0], &forked[1], &forked[2]],
        ),
        bad(
            "forks-lowest-under-the-dead-servers-middle",
            [&first[0], &first[1], &forked[2]],
        ),
        bad(
            "lowest-from-before-the-login",
            [&forked[0], &forked[1], &login[2]],
        ),
        bad(
            "middle-from-after-the-login",
            [&first[0], &login[1], &login[2]],
        ),
        bad(
            "another-customers-root",
            [&stranger[0], &first[1], &first[2]],
        ),
        bad(
            "another-customers-middle",
            [&first[0], &stranger[1], &first[2]],
        ),
        bad(
            "another-customers-lowest",
            [&first[0], &first[1], &stranger[2]],
        ),
    ]
}

/// Tags made with the right secret in a wrong way.
fn nonsense() -> Vec<Value> {
    let signer = signer::<Basket>();
    let tagged = |name: &str, at: usize, tag: &dyn Fn(&[Parts]) -> Vec<u8>| {
        let mut chain = taken_apart(&Basket::blob());
        let tag = tag(&chain)[..16].to_vec();
        chain[at].set("tag", &tag);
        if at == 0 {
            chain[1].set("link", &tag[..4]);
        }
        Basket::case(name, &put_together(&chain)).refused("bad-tag")
    };
    let sign = signer.sub("sign");
    let root = |prefix: &[u8], chain: &[Parts]| mac(&sign, &[prefix, &chain[0].signed()].concat());
    let full_root = |chain: &[Parts]| root(&root_prefix(None), chain);
    vec![
        tagged("signed-under-the-encryption-key", 0, &|chain| {
            mac(
                &signer.sub("encrypt"),
                &[&root_prefix(None)[..], &chain[0].signed()].concat(),
            )
        }),
        tagged("root-signed-without-a-binding-length", 0, &|chain| {
            root(&[0x10], chain)
        }),
        tagged("root-signed-with-the-role-of-a-child", 0, &|chain| {
            root(&[0x11, 0], chain)
        }),
        tagged("root-signed-with-an-empty-identity", 0, &|chain| {
            root(&root_prefix(Some(b"")), chain)
        }),
        tagged("second-half-of-the-tag", 0, &|chain| {
            full_root(chain)[16..].to_vec()
        }),
        tagged("child-signed-with-the-role-of-a-root", 1, &|chain| {
            mac(
                &sign,
                &[&[0x10][..], &full_root(chain), &chain[1].signed()].concat(),
            )
        }),
        tagged("child-signed-under-the-short-tag", 1, &|chain| {
            mac(
                &sign,
                &[&[0x11][..], &full_root(chain)[..16], &chain[1].signed()].concat(),
            )
        }),
        tagged("child-signed-alone", 1, &|chain| {
            mac(&sign, &[&[0x11][..], &chain[1].signed()].concat())
        }),
        tagged("child-signed-with-its-mutable-section", 1, &|chain| {
            let input = [
                &[0x11][..],
                &full_root(chain),
                &chain[1].signed(),
                chain[1].get("mutable"),
            ]
            .concat();
            mac(&sign, &input)
        }),
        tagged("not-signed-at-all", 1, &|_| vec![0; 16]),
    ]
}

/// Sections under good tags that cannot be read.
fn sealed() -> Vec<Value> {
    let mismatch = |name: &str, bend: &dyn Fn(&mut Vec<Parts>, &Signer)| {
        let blob = resigned::<Ladder>(|chain| bend(chain, &signer::<Ladder>()));
        Ladder::case(name, &blob).refused("internal-mismatch")
    };
    let pin = |name: &str, plaintext: &'static [u8]| {
        mismatch(name, &|chain, signer| {
            signer.set_private(&mut chain[1], plaintext)
        })
    };
    let tree = |name: &str, bytes: &[u8]| {
        let blob = resigned::<Archive>(|chain| {
            chain[0].set("immutable", bytes);
            chain[0].set_number("immutable length", bytes.len() as u64);
        });
        Archive::case(name, &blob).refused("internal-mismatch")
    };
    let deep = [&[2; 65][..], &[0; 66], b"\x01x"].concat();
    let basket_only = bundle(&cookies(&Basket::blob())[..1]);
    vec![
        pin("pin-of-nothing", &[]),
        pin("pin-not-utf-8", b"\x02\xff\xff"),
        pin("pin-longer-than-its-section", b"\x10123456789012345"),
        pin(
            "pin-with-a-block-of-zeros-too-many",
            b"\x01x\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        ),
        pin("pin-with-something-behind-it", b"\x01x\x01"),
        mismatch("nonce-exchanged-and-signed", &|chain, _| {
            chain[1].set("nonce", &[9; 24])
        }),
        mismatch("ciphertext-altered-and-signed", &|chain, _| {
            chain[1].flip("ciphertext", 3, 1)
        }),
        mismatch("aead-tag-altered-and-signed", &|chain, _| {
            chain[3].flip("AEAD tag", 0, 0x80)
        }),
        mismatch("private-sections-exchanged-and-signed", &|chain, _| {
            let [one, other] = [1, 3].map(|at| chain[at].get("nonce").to_vec());
            chain[1].set("nonce", &other);
            chain[3].set("nonce", &one);
        }),
        mismatch("floors-of-two-bytes", &|chain, _| {
            chain[3].set("immutable", &[1, 2]);
            chain[3].set("immutable length", &[2]);
        }),
        mismatch("house-above-32-bits", &|chain, _| {
            chain[0].set("immutable", b"\xff\xff\xff\xff\x10");
            chain[0].set("immutable length", &[5]);
        }),
        mismatch("key-with-a-char-of-two", &|chain, signer| {
            signer.set_private(&mut chain[3], b"\x01\x01\x02ab")
        }),
        mismatch("key-with-an-option-of-two", &|chain, signer| {
            signer.set_private(&mut chain[3], b"\x01\x02a")
        }),
        tree("tree-too-deep", &deep),
        tree("tree-of-an-unknown-kind", b"\x07\x01x"),
        tree("tree-that-goes-on", b"\x00\x01x\x00"),
        Basket::case(
            "padding-too-long-before-a-default-out-of-range",
            &resigned::<Basket>(|chain| {
                signer::<Basket>().set_private(&mut chain[0], &[&[0xfa, 1][..], &[0; 30]].concat());
                chain.truncate(1);
            }),
        )
        .refused("internal-mismatch"),
        Basket::case(
            "immutable-byte-too-many-before-a-default-out-of-range",
            &resigned::<Basket>(|chain| {
                let longer = [chain[0].get("immutable"), &[0]].concat();
                chain[0].set("immutable", &longer);
                chain[0].set_number("immutable length", longer.len() as u64);
            }),
        )
        .at_ms((NOW + 700) * 1000)
        .refused("internal-mismatch"),
        Till::case(
            "mutable-byte-too-many-before-a-default-out-of-range",
            &resigned_of(
                &Till {
                    floor: -50,
                    ceiling: -20,
                    amount: -30,
                    last: -40,
                    ..Till::sample()
                },
                |chain| {
                    let longer = [chain[1].get("mutable"), &[0]].concat();
                    chain[1].set("mutable", &longer);
                    chain.truncate(2);
                },
            ),
        )
        .refused("malformed-value"),
        Basket::case("default-that-the-signed-bound-refuses", &basket_only).refused("out-of-range"),
        Numbers::case(
            "sections-of-another-order",
            &resigned::<Numbers>(|chain| {
                let swapped: Vec<u8> = chain[0].get("immutable").iter().rev().copied().collect();
                chain[0].set("immutable", &swapped);
            }),
        )
        .refused("internal-mismatch"),
        World::case(
            "carts-bool-of-three",
            &resigned::<World>(|chain| {
                let mut cart = chain[1].get("immutable").to_vec();
                *cart.last_mut().unwrap() = 3;
                chain[1].set("immutable", &cart);
            }),
        )
        .refused("internal-mismatch"),
        Till::case(
            "slots-missing",
            &resigned::<Till>(|chain| {
                let cut = chain[1].get("immutable").to_vec();
                chain[1].set("immutable", &cut[..cut.len() - 1]);
                chain[1].set_number("immutable length", cut.len() as u64 - 1);
            }),
        )
        .refused("internal-mismatch"),
    ]
}
