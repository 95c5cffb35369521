//! A pool whose file changes: it goes on with what is good, keeps what it has where it is not, and says so.

use std::fs;
use std::time::Duration;

use statecookie::{
    FlushError, Kept, KeyFileFault, KeyId, KeyPolicy, Keys, PolicyError, Reason, Refresh,
    RefreshCause, RefreshOutcome, ReplaceError, RingTextFault,
};

use crate::folder::{Folder, write};
use crate::pool::{Events, builder, builder_of, clock, cookies, kept, pool, replaced};
use crate::rings::{HOUR, key, later, ring, text};

#[test]
fn goes_on_with_a_new_ring_and_accepts_what_the_old_one_signed() {
    let folder = Folder::new("new-ring");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let clock = clock();
    let pool = pool(&path, &clock);
    let old = cookies(&pool);
    folder.put("keys.toml", text([key(1, 0), key(2, 2)]));
    assert_eq!(replaced(pool.refresh_keys()), 2);
    clock.set(later(HOUR - 1));
    let mut session = pool.resume(&old).unwrap().session;
    assert_eq!(session.key_id(), KeyId(1));
    clock.set(later(2 * HOUR));
    let update = session.flush().unwrap().unwrap();
    assert_eq!(pool.resume(&update).unwrap().key_id, KeyId(2));
}

#[test]
fn the_same_content_is_the_same_ring_however_it_came_there() {
    let folder = Folder::new("same-content");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let pool = pool(&path, &clock());
    let unchanged = |refresh: Option<Refresh>| {
        let outcome = refresh.unwrap().outcome;
        assert!(matches!(outcome, RefreshOutcome::Unchanged { generation } if generation.0 == 1));
    };
    unchanged(pool.refresh_keys());
    folder.put("keys.toml", text([key(1, 0)]));
    unchanged(pool.refresh_keys());
    write(&path, text([key(1, 0)]));
    unchanged(pool.refresh_keys());
    folder.put("keys.toml", "rubbish");
    kept(pool.refresh_keys());
    folder.put("keys.toml", text([key(1, 0)]));
    unchanged(pool.refresh_keys());
}

#[test]
fn the_last_good_ring_goes_on_whatever_happens_to_the_file() {
    let folder = Folder::new("last-good");
    let good = text([key(1, 0)]);
    let path = folder.put("keys.toml", &good);
    let events = Events::default();
    let pool = events.of(builder(&path, &clock()));
    let held = cookies(&pool);
    events.take();
    let expect = |is: &dyn Fn(KeyFileFault) -> bool| {
        let fault = kept(pool.refresh_keys());
        assert!(is(fault), "{fault}");
        assert!(pool.resume(&held).is_ok());
        let [event] = events.take().try_into().unwrap();
        let line = event.to_string();
        assert!(
            line.contains("generation 1 goes on") && line.contains("keys.toml"),
            "{line}"
        );
    };
    let is_text = |fault| matches!(fault, KeyFileFault::Text(_));
    // In place, as a writer that was stopped leaves it.
    for len in 0..good.len() - 1 {
        write(&path, &good.as_bytes()[..len]);
        expect(&is_text);
    }
    folder.put("keys.toml", [good.as_bytes(), b"\xff"].concat());
    expect(
        &|fault| matches!(fault, KeyFileFault::Text(error) if error.fault == RingTextFault::NotText),
    );
    folder.put("keys.toml", good.repeat(2000));
    expect(&|fault| matches!(fault, KeyFileFault::TooLong { .. }));
    fs::remove_file(&path).unwrap();
    expect(&|fault| fault == KeyFileFault::Missing);
    std::os::unix::fs::symlink("nowhere", &path).unwrap();
    expect(&|fault| fault == KeyFileFault::Missing);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    expect(&|fault| fault == KeyFileFault::NotAFile);
    fs::remove_dir(&path).unwrap();
    folder.put("keys.toml", text([key(1, 0), key(2, 2)]));
    assert_eq!(replaced(pool.refresh_keys()), 2);
}

#[test]
fn the_last_good_ring_ends_when_its_windows_do() {
    let folder = Folder::new("windows-end");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let clock = clock();
    let pool = pool(&path, &clock);
    fs::remove_file(&path).unwrap();
    clock.set(later(3 * HOUR - 1));
    let held = cookies(&pool);
    clock.set(later(3 * HOUR));
    kept(pool.refresh_keys());
    let mut session = pool.resume(&held).unwrap().session;
    assert_eq!(session.flush().unwrap_err(), FlushError::NoSigningKey);
    clock.set(later(5 * HOUR));
    assert_eq!(pool.resume(&held).unwrap_err().reason, Reason::KeyExpired);
}

#[test]
fn a_ring_that_violates_the_policy_does_not_take_over() {
    let folder = Folder::new("violates");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let pool = pool(&path, &clock());
    let mut short = key(2, 2);
    short.accept_until = short.sign_until;
    folder.put("keys.toml", text([key(1, 0), short.clone()]));
    let refresh = pool.refresh_keys().unwrap();
    assert!(refresh.is_failure());
    assert!(
        refresh
            .to_string()
            .contains("is violated by key 2: 0ns < 3600s + 60s"),
        "{refresh}"
    );
    let why = match refresh.outcome {
        RefreshOutcome::Kept {
            why: Kept::Policy(why),
            ..
        } => why,
        outcome => panic!("{outcome}"),
    };
    assert!(matches!(
        why,
        PolicyError::AcceptTooShort { key: KeyId(2), .. }
    ));
    short.revoked = true;
    folder.put("keys.toml", text([key(1, 0), short]));
    replaced(pool.refresh_keys());
}

#[test]
fn a_revoked_key_is_refused_and_live_sessions_leave_it() {
    let folder = Folder::new("revoked");
    let mut leaked = key(2, 0);
    leaked.activates_at = later(0);
    let mut old = key(1, 0);
    old.activates_at = later(0).saturating_sub(Duration::from_secs(1));
    let path = folder.put("keys.toml", text([old.clone(), leaked.clone()]));
    let pool = pool(&path, &clock());
    let held = cookies(&pool);
    let mut live = pool.resume(&held).unwrap().session;
    leaked.revoked = true;
    folder.put("keys.toml", text([old, leaked]));
    replaced(pool.refresh_keys());
    let refused = pool.resume(&held).unwrap_err();
    assert_eq!(
        (refused.reason, refused.key),
        (Reason::KeyRevoked, Some(KeyId(2)))
    );
    let update = live.flush().unwrap().unwrap();
    assert_eq!(pool.resume(&update).unwrap().key_id, KeyId(1));
}

#[test]
fn an_unknown_id_is_asked_for_once_and_found() {
    let folder = Folder::new("unknown-found");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let events = Events::default();
    let late = events.of(builder(&path, &clock()));
    let patient = builder(&path, &clock())
        .ask_for_unknown_keys(false)
        .build()
        .unwrap();
    let mut newest = key(2, 0);
    newest.activates_at = later(0).saturating_sub(Duration::from_secs(1));
    let mut old = key(1, 0);
    old.activates_at = later(0).saturating_sub(Duration::from_secs(2));
    folder.put("keys.toml", text([old, newest]));
    let early = pool(&path, &clock());
    let held = cookies(&early);
    events.take();
    assert_eq!(late.resume(&held).unwrap().key_id, KeyId(2));
    let [event] = events.take().try_into().unwrap();
    assert_eq!(event.cause, RefreshCause::UnknownKey(KeyId(2)));
    assert!(
        event
            .to_string()
            .ends_with("took over (asked for the unknown key 2)"),
        "{event}"
    );

    let refusal = patient.resume(&held).unwrap_err();
    assert_eq!(refusal.reason, Reason::UnknownKey);
    assert_eq!(replaced(patient.refresh_keys_for(refusal.key.unwrap())), 2);
    assert!(patient.resume(&held).is_ok());
}

#[test]
fn ids_that_nobody_has_ask_once_in_each_interval() {
    let folder = Folder::new("unknown-flood");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let (clock, events) = (clock(), Events::default());
    let pool = events.of(builder(&path, &clock));
    let foreign = folder.put("foreign.toml", text([key(77, 0)]));
    let held = cookies(&crate::pool::pool(&foreign, &clock));
    events.take();
    let interval = KeyPolicy::default().refresh;
    let mut asked = 0;
    for _ in 0..5 {
        for _ in 0..100 {
            assert_eq!(pool.resume(&held).unwrap_err().reason, Reason::UnknownKey);
            clock.advance(interval / 100);
            asked += events.take().len();
        }
    }
    assert_eq!(asked, 5);
    // A clock that is set back by a day does not keep the pool from asking for a day.
    clock.set(later(0).saturating_sub(Duration::from_secs(1)));
    assert_eq!(pool.resume(&held).unwrap_err().reason, Reason::UnknownKey);
    assert_eq!(events.take().len(), 1);
}

/// A policy that sets no interval leaves one of 10 ms.
#[test]
fn ids_that_nobody_has_never_ask_at_the_clients_will() {
    let folder = Folder::new("unknown-at-will");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let (clock, events) = (clock(), Events::default());
    let policy = KeyPolicy {
        refresh: Duration::ZERO,
        ..KeyPolicy::default()
    };
    let pool = events.of(builder(&path, &clock).key_policy(policy));
    let foreign = folder.put("foreign.toml", text([key(77, 0)]));
    let held = cookies(&crate::pool::pool(&foreign, &clock));
    events.take();
    for _ in 0..40 {
        assert_eq!(pool.resume(&held).unwrap_err().reason, Reason::UnknownKey);
        clock.advance(Duration::from_millis(1));
    }
    assert_eq!(events.take().len(), 4);
}

#[test]
fn only_rings_by_hand_are_replaced_by_hand() {
    let folder = Folder::new("by-hand");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let sourced = pool(&path, &clock());
    let two = ring([key(1, 0), key(2, 2)]);
    assert_eq!(sourced.replace_keys(&two), Err(ReplaceError::FromSource));
    let by_hand = builder_of(Keys::ring(ring([key(1, 0)])), &clock())
        .build()
        .unwrap();
    assert_eq!(by_hand.fingerprint(), sourced.fingerprint());
    by_hand.replace_keys(&two).unwrap();
    assert_ne!(by_hand.fingerprint(), sourced.fingerprint());
    assert_eq!(by_hand.refresh_keys(), None);
    assert_eq!(by_hand.refresh_keys_for(KeyId(9)), None);
    let derived = builder_of(Keys::ephemeral().unwrap(), &clock())
        .build()
        .unwrap();
    assert_eq!(derived.refresh_keys(), None);
    assert_eq!(derived.replace_keys(&two), Err(ReplaceError::DerivedKeys));
}

#[test]
fn what_is_written_is_toml() {
    let mut revoked = key(2, 2);
    revoked.revoked = true;
    let text = text([key(1, 0), revoked]);
    let table: toml::Table = text.parse().unwrap();
    assert_eq!(table["keys"].as_integer(), Some(2));
    let keys = table["key"].as_array().unwrap();
    let marks: Vec<_> = keys.iter().map(|key| key.get("revoked")).collect();
    assert_eq!(marks, [None, Some(&toml::Value::Boolean(true))]);
    for (entry, id) in keys.iter().zip(1..) {
        assert_eq!(entry["id"].as_integer(), Some(id));
        assert!(entry["secret"].as_str().unwrap().starts_with("base64:"));
        for name in ["activates_at", "sign_until", "accept_until"] {
            assert!(entry[name].is_datetime(), "{name}");
        }
    }
}
