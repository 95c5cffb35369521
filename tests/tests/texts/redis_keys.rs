//! What keys in a Redis say: the pool key is the local key and the password, in the address and in the local copy.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use statecookie::{KeyError, KeyId, KeySource, Keys, RedisKeys, RedisKeysFault, RingError, Secret};

use crate::battery::builder;
use crate::plants::pool_key;
use crate::said::Said;

pub(crate) fn of_stores(said: &mut Said) {
    let digits: String = pool_key()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let local = Secret::from_bytes(&pool_key()).unwrap();
    let at = |address: &str| RedisKeys::at(address, "shop.example", &local);
    // Nobody listens at port 1.
    let nobody = format!("redis://{digits}:{digits}@127.0.0.1:1");
    let away = || at(&nobody).unwrap();
    said.debug(&away());
    let error = said.refused(away().read());
    said.error(&error.fault);
    said.refused(away().load());
    let clock = statecookie::testing::TestClock::at(statecookie_tests::shop::NOW);
    said.refused(builder(Keys::source(away()), &clock).build());
    let bad = said.refused(at(&format!("redis://:{digits}@:{digits}")));
    said.error(&bad.fault);
    let secure = said.refused(at(&format!("rediss://:{digits}@127.0.0.1")));
    said.error(&secure.fault);

    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("copy-{}", std::process::id()));
    fs::write(&copy, &digits).unwrap();
    let error = said.refused(away().local_copy(&copy).read());
    said.error(&error.fault);
    fs::remove_file(&copy).unwrap();
    by_hand(said);
}

/// Those that a real store causes: `tests/redis_keys` does.
fn by_hand(said: &mut Said) {
    for fault in [
        RedisKeysFault::Contended,
        RedisKeysFault::Copy {
            path: PathBuf::from("/var/lib/shop/keys"),
            kind: ErrorKind::PermissionDenied,
        },
        RedisKeysFault::Empty,
        RedisKeysFault::Foreign,
        RedisKeysFault::Key(KeyError::AllZero),
        RedisKeysFault::Login,
        RedisKeysFault::Refused {
            code: "READONLY".into(),
        },
        RedisKeysFault::Ring(RingError::TooManyKeys(300)),
        RedisKeysFault::TooLong,
        RedisKeysFault::UnknownKey { id: KeyId(7) },
    ] {
        said.error(&fault);
    }
}
