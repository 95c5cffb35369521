//! The 3D shop: `cargo run --release -p statecookie-examples --bin shop`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use statecookie::Secret;
use statecookie_examples::Outcome;
use statecookie_examples::fleet::{Fleet, new_secret};
use statecookie_examples::shop::visit::Visit;
use statecookie_examples::shop::{keys, report, server};

const USAGE: &str = "\
usage: shop [--quick] [--break-it] [--redis [ADDRESS]]
  --quick     a shorter walk with the same number of kills
  --break-it  the servers spoil the cart when they restore it; the run must fail
  --redis     the servers' keys lie in a Redis and rotate every two seconds; in one that is
              started for this run, or in that of the address: redis://host:6379";

/// Steps of the walk.
const STEPS: usize = 1_300;
const QUICK_STEPS: usize = 400;

/// What was asked for.
struct Wish {
    steps: usize,
    spoil: bool,
    /// A Redis: one of its own, or the one at this address.
    redis: Option<Option<String>>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nFAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((word, _)) if word == "server" => server::serve(),
        #[cfg(feature = "redis")]
        Some((word, rest)) if word == on_redis::WORD => {
            on_redis::keep(rest);
            Ok(())
        }
        _ => visit(wish(&arguments)?),
    }
}

fn wish(arguments: &[String]) -> Outcome<Wish> {
    let mut wish = Wish {
        steps: STEPS,
        spoil: false,
        redis: None,
    };
    let mut arguments = arguments.iter().peekable();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => wish.steps = QUICK_STEPS,
            "--break-it" => wish.spoil = true,
            "--redis" => {
                wish.redis = Some(arguments.next_if(|next| !next.starts_with('-')).cloned())
            }
            _ => return Err(USAGE.into()),
        }
    }
    Ok(wish)
}

fn visit(wish: Wish) -> Outcome<()> {
    let spoils = (server::BREAK_IT, wish.spoil.then(|| "1".into()));
    if let Some(address) = &wish.redis {
        return on_redis::visit(wish.steps, spoils, address.as_deref());
    }
    println!(
        "  Three servers, one secret, nothing else in common. One visitor keeps the state of the visit."
    );
    println!("  · position or angle   ■ cart or quality   ▲ everything\n");
    let secret = new_secret()?;
    let (operator, _watch) = keys::of_secret(Secret::from_hex(&secret)?)?;
    let settings = vec![(server::SECRET, Some(secret)), spoils];
    let (meter, _) = Visit::begin(Fleet::start(settings)?, operator)?.run(wish.steps)?;
    report::print(&meter)
}

#[cfg(feature = "redis")]
mod on_redis {
    //! The same visit, and a crowd beside it, with keys of a Redis.

    use statecookie_examples::Outcome;
    use statecookie_examples::fleet::{Fleet, Setting};
    use statecookie_examples::shop::on_redis::{self, OnRedis, VISITORS};
    use statecookie_examples::shop::report;
    use statecookie_examples::shop::visit::Visit;

    pub(crate) use on_redis::{WORD, keep};

    pub(crate) fn visit(steps: usize, spoils: Setting, address: Option<&str>) -> Outcome<()> {
        let store = OnRedis::prepare(address)?;
        println!(
            "  Three servers, and keys in the Redis at {} that change every two seconds. One visitor, and {VISITORS} who only fail over.",
            store.address()
        );
        println!("  · position or angle   ■ cart or quality   ▲ everything\n");
        let (operator, _watch) = store.operator()?;
        let mut settings = store.settings();
        settings.push(spoils);
        let visit = Visit::begin(Fleet::start(settings)?, operator)?.with_crowd(VISITORS)?;
        let (meter, crowd) = visit.run(steps)?;
        on_redis::report(&meter, &crowd)?;
        report::print(&meter)
    }
}

#[cfg(not(feature = "redis"))]
mod on_redis {
    //! What is missing.

    use statecookie_examples::Outcome;
    use statecookie_examples::fleet::Setting;

    pub(crate) fn visit(_: usize, _: Setting, _: Option<&str>) -> Outcome<()> {
        Err("--redis needs the feature `redis`: cargo run --release -p statecookie-examples --features redis --bin shop -- --redis".into())
    }
}
