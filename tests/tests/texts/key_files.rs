//! What key files, sources and their refreshes say: each fault is caused by a text around the pool key, or in its place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use statecookie::testing::TestClock;
use statecookie::{
    Generation, Kept, KeyFile, KeyFileFault, KeyId, KeyRing, KeySource, KeySourceError, Keys,
    Loaded, Refresh, RefreshCause, RefreshOutcome, RingTextFault, Secret, SourceWarning, Timestamp,
};
use statecookie_tests::shop::NOW;

use crate::battery::{builder, key};
use crate::plants::{TEXT, pool_key};
use crate::said::Said;

fn good() -> KeyRing {
    KeyRing::new(vec![key(0)]).unwrap()
}

pub(crate) fn of_texts(said: &mut Said) {
    let text = good().to_text().unwrap();
    said.debug(&text);
    let text = text.as_str();
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap();
    let (secret, id) = (line("secret = "), line("id = "));
    let digits: String = pool_key()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let with = |old: &str, new: &str| text.replace(old, new);
    let bad = [
        with("[[key]]", ""),
        with("keys = 1", "keys = 2"),
        with(id, &format!("id = {digits}")),
        with(id, ""),
        with(secret, ""),
        digits.clone(),
        with(secret, &format!("{secret}{digits}")),
        with(secret, &secret.replace('"', "")),
        with(secret, &secret.replace("base64:", "raw:")),
        with(secret, &format!("{secret}\n{secret}")),
        with(secret, &format!("{secret}\nrevoked = {digits}")),
        with(secret, &secret.replace("base64:", "base64:?")),
        with(secret, &format!("secret = \"hex:{digits}zz\"")),
        with("activates_at = ", &format!("activates_at = {digits}")),
        with("secret =", &format!("{digits} =")),
        with("accept_until", "sign_until_when ="),
        with(line("sign_until"), "sign_until = 1970-01-01T00:00:00Z"),
        format!("{text}[[key]]\n{secret}\n{id}"),
        format!("# nothing but {digits}"),
        format!("{text}#{}", digits.repeat(10_000)),
    ];
    for bad in bad {
        let error = said.refused(KeyRing::from_text(bad.as_bytes()));
        said.error(&error.fault);
    }
    let error = said.refused(KeyRing::from_text(
        &[secret.as_bytes(), &pool_key()].concat(),
    ));
    said.error(&error.fault);
    let mut odd = key(0);
    odd.accept_until = Timestamp::from_millis(odd.accept_until.as_millis() + 1);
    said.refused(KeyRing::new(vec![odd]).unwrap().to_text());
    said.error(&RingTextFault::Ring(statecookie::RingError::Empty));
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.join(format!("texts-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn of_files(said: &mut Said) {
    let folder = folder();
    let path = folder.join("keys.toml");
    let file = || KeyFile::at(&path).refuse_world_readable();
    said.debug(&file());
    let fault = |said: &mut Said, file: KeyFile| {
        let error = said.refused(file.read());
        said.error(&error.fault);
        said.refused(file.load());
    };
    fault(said, file());
    fault(said, KeyFile::at(&folder));
    fs::write(&path, pool_key()).unwrap();
    fault(said, KeyFile::at(path.join("below")));
    for mode in [0o600, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        fault(said, file());
    }
    fs::write(&path, TEXT.repeat(20_000)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
    fault(said, file());
    fs::write(&path, TEXT).unwrap();
    fault(said, file());
    let lone = said.refused(Secret::from_file(&path));
    said.error(&lone.fault);
    said.error(&KeyFileFault::Changing);
    said.refused(KeyFile::at(path.join("below")).write(&good()));
    said.error(&KeyFileFault::Write(std::io::ErrorKind::StorageFull));
    let mut odd = key(0);
    odd.accept_until = Timestamp::from_millis(odd.accept_until.as_millis() + 1);
    let error = said.refused(file().write(&KeyRing::new(vec![odd]).unwrap()));
    said.error(&error.fault);
    said.debug(&file().write(&good()));
    let loaded = KeyFile::at(&path).load().unwrap();
    said.debug(&loaded);
    said.error(&loaded.warning.unwrap());
    fs::remove_dir_all(folder).unwrap();
}

/// A source that gives what it is told to.
struct Told(Mutex<Vec<Result<Loaded, KeySourceError>>>);

impl KeySource for Told {
    fn name(&self) -> String {
        "a source that is told".into()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        self.0.lock().unwrap().remove(0)
    }
}

pub(crate) fn of_refreshes(said: &mut Said) {
    let mut short = key(0);
    short.accept_until = short.sign_until;
    let loaded = |ring: &KeyRing, generation| Loaded::new(ring.clone(), Generation(generation));
    let mut warned = loaded(&good(), 2);
    warned.warning = Some(SourceWarning::Other("a word".into()));
    let mut answers = vec![
        Ok(loaded(&good(), 1)),
        Ok(loaded(&good(), 1)),
        Ok(warned),
        Ok(loaded(&good(), 1)),
        Ok(loaded(&KeyRing::new(vec![short]).unwrap(), 3)),
    ];
    let (name, reason) = ("a source".into(), "it is away".into());
    answers.push(Err(KeySourceError::Other { name, reason }));
    answers.push(Ok(loaded(&good(), 3)));
    let questions = answers.len() - 2;
    let source = Keys::source(Told(Mutex::new(answers)));
    let events = std::sync::Arc::new(Mutex::new(Vec::new()));
    let told = std::sync::Arc::clone(&events);
    let builder = builder(source, &TestClock::at(NOW));
    let builder = builder.on_refresh(move |refresh| told.lock().unwrap().push(refresh.clone()));
    let pool = builder.build().unwrap();
    for _ in 0..questions {
        pool.refresh_keys().unwrap();
    }
    pool.refresh_keys_for(KeyId(9)).unwrap();
    said.debug(&pool.watch_keys().unwrap());
    for event in events.lock().unwrap().iter() {
        of_event(said, event);
    }
    said.both(&Generation(1));
    said.debug(&statecookie::KeyHint::Changed);
    said.error(&statecookie::ReplaceError::FromSource);
    drop(pool);
    let none = vec![Err(KeySourceError::Other {
        name: "a source".into(),
        reason: "it is away".into(),
    })];
    let source = Keys::source(Told(Mutex::new(none)));
    said.refused(crate::battery::builder(source, &TestClock::at(NOW)).build());
}

fn of_event(said: &mut Said, event: &Refresh) {
    said.both(event);
    said.both(&event.outcome);
    let causes: &RefreshCause = &event.cause;
    said.debug(causes);
    if let Some(warning) = &event.warning {
        said.error(warning);
    }
    if let RefreshOutcome::Kept { why, .. } = &event.outcome {
        said.error(why);
        if let Kept::Source(error) = why {
            said.error(error);
        }
    }
}
