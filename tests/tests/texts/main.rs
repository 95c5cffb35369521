//! Planted secrets, and everything that the library says: no `Debug`, no `Display`, no error, no panic and no output holds a
//! piece of one, as text, in digits, in base64 or as a list of numbers.
#![forbid(unsafe_code)]

mod advice;
mod battery;
mod coverage;
mod derived;
mod errors;
mod guarded;
mod key_files;
mod observers;
mod outside;
mod plants;
mod redis_keys;
mod refusals;
mod said;

use std::sync::{Arc, Mutex};

use plants::{BYTES, NUMBER, TEXT, betrayed, forms, pool_key};
use said::Said;

#[test]
fn nothing_that_is_said_betrays_a_secret() {
    if errors::is_the_other_process() {
        return;
    }
    let panics = Arc::new(Mutex::new(Vec::new()));
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new({
        let panics = Arc::clone(&panics);
        move |panic| {
            panics.lock().unwrap().push(panic.to_string());
            usual(panic);
        }
    }));
    let mut said = Said::default();
    battery::what_goes_well(&mut said);
    battery::small_words(&mut said);
    advice::of_advice(&mut said);
    errors::of_keys(&mut said);
    errors::of_pools(&mut said);
    key_files::of_texts(&mut said);
    key_files::of_files(&mut said);
    key_files::of_refreshes(&mut said);
    redis_keys::of_stores(&mut said);
    observers::of_observers(&mut said);
    errors::of_states(&mut said);
    errors::of_clients(&mut said);
    derived::of_derived_values(&mut said);
    outside::of_public_values(&mut said);
    guarded::of_guarded_tiers(&mut said);
    refusals::malformed(&mut said);
    refusals::by_reason(&mut said);
    let tried = refusals::by_byte(&mut said);
    let panics = panics.lock().unwrap().clone();
    assert!(panics.is_empty(), "{panics:#?}");

    let forms = forms();
    let traitors: Vec<_> = said
        .texts
        .iter()
        .map(|text| (betrayed(text, &forms), text))
        .filter(|(names, _)| !names.is_empty())
        .collect();
    assert!(traitors.is_empty(), "{traitors:#?}");
    println!(
        "{} texts of {} types, {} changed inputs, {} forms of secrets, no panic",
        said.texts.len(),
        said.types.len(),
        tried,
        forms.len()
    );
    coverage::assert_that_all_were_asked(&said);
}

/// Each form is found where it is planted, so that what is not found is not there.
#[test]
fn what_is_planted_is_found() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "printed")]
    struct Careless {
        key: Vec<u8>,
        text: &'static str,
        number: u64,
        bytes: [u8; 24],
    }
    let careless = Careless {
        key: pool_key(),
        text: TEXT,
        number: NUMBER,
        bytes: BYTES,
    };
    let forms = forms();
    let all = [
        "the private number",
        "the pool key",
        "the private text",
        "the private bytes",
    ];
    assert_eq!(betrayed(&format!("{careless:?}"), &forms), all);
    assert_eq!(betrayed(&format!("{careless:#?}"), &forms), all);
    let digits: String = pool_key()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for text in [
        digits.to_uppercase(),
        format!("key={digits}."),
        statecookie::to_text(&pool_key()),
        statecookie::to_text(&pool_key()[1..]),
        statecookie::to_text(&[&[7, 7], &pool_key()[..]].concat()),
        format!("{:02x?}", pool_key()),
    ] {
        assert_eq!(betrayed(&text, &forms), ["the pool key"], "{text}");
    }
    assert_eq!(betrayed("nothing of interest", &forms), Vec::<&str>::new());
}
