//! What the library has said: every text once, and of which types and variants there was one.

use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::{Debug, Display};

/// The texts that were collected.
#[derive(Default)]
pub(crate) struct Said {
    /// Each text once.
    pub(crate) texts: BTreeSet<String>,
    /// The last part of the name of each type that was asked.
    pub(crate) types: BTreeSet<String>,
    /// What each `Debug` began with: of an enum, its variant.
    pub(crate) variants: BTreeSet<String>,
}

impl Said {
    /// Asks for the `Debug` of a value, short and long.
    pub(crate) fn debug<T: Debug>(&mut self, value: &T) {
        let name = type_name::<T>();
        let name = name
            .split('<')
            .next()
            .and_then(|name| name.rsplit(':').next());
        let name = name.unwrap_or_default().to_owned();
        let short = format!("{value:?}");
        let variant: String = short.chars().take_while(|c| c.is_alphanumeric()).collect();
        self.variants.insert(format!("{name}::{variant}"));
        self.types.insert(name);
        self.texts.insert(format!("{value:#?}"));
        self.texts.insert(short);
    }

    /// Asks for the `Debug` and the `Display` of a value.
    pub(crate) fn both<T: Debug + Display>(&mut self, value: &T) {
        self.debug(value);
        self.texts.insert(value.to_string());
        self.texts.insert(format!("{value:#}"));
    }

    /// Asks for all that an error says, and for what it says of its causes.
    pub(crate) fn error<E: std::error::Error + 'static>(&mut self, error: &E) {
        self.both(error);
        let mut cause = error.source();
        while let Some(error) = cause {
            self.texts.insert(format!("{error} {error:?}"));
            cause = error.source();
        }
    }

    /// The error of what has to fail.
    pub(crate) fn refused<T, E: std::error::Error + 'static>(&mut self, result: Result<T, E>) -> E {
        match result {
            Ok(_) => panic!("{} expected", type_name::<E>()),
            Err(error) => {
                self.error(&error);
                error
            }
        }
    }

    /// Takes a text that is there already.
    pub(crate) fn text(&mut self, text: impl Into<String>) {
        self.texts.insert(text.into());
    }
}
