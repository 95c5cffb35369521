//! A page of metrics, by the rules of the text format: `# HELP` and `# TYPE` once for each name, its series right below.

use alloc::string::{String, ToString};
use core::fmt;

use super::Histogram;

/// A page in the making. Its samples belong to the name that was declared last.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    name: &'static str,
}

/// A label's name and value.
pub(super) type Label<'a> = (&'static str, Value<'a>);

/// A label's value.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Number(u64),
    Text(&'a str),
    /// Seconds, in milliseconds.
    Millis(u64),
}

impl Page {
    /// What all names begin with.
    const PREFIX: &'static str = "statecookie_";

    pub(super) fn counter(&mut self, name: &'static str, help: &str) {
        self.declare(name, help, "counter");
    }

    pub(super) fn gauge(&mut self, name: &'static str, help: &str) {
        self.declare(name, help, "gauge");
    }

    pub(super) fn histogram(&mut self, name: &'static str, help: &str) {
        self.declare(name, help, "histogram");
    }

    pub(super) fn sample(&mut self, labels: &[Label<'_>], value: u64) {
        self.series("", labels, Value::Number(value));
    }

    /// A sample in seconds.
    pub(super) fn sample_millis(&mut self, labels: &[Label<'_>], millis: u64) {
        self.series("", labels, Value::Millis(millis));
    }

    /// The buckets, each with all that is in the smaller ones, and what they add up to.
    pub(super) fn buckets(&mut self, labels: &[Label<'_>], histogram: &Histogram) {
        let bounds = histogram
            .bounds_ms
            .iter()
            .map(|bound| Value::Millis(*bound));
        let bounds = bounds.chain([Value::Text("+Inf")]);
        let mut sum = 0_u64;
        for (bound, count) in bounds.zip(&histogram.counts) {
            sum = sum.wrapping_add(*count);
            let labels: alloc::vec::Vec<_> =
                labels.iter().copied().chain([("le", bound)]).collect();
            self.series("_bucket", &labels, Value::Number(sum));
        }
        self.series("_sum", labels, Value::Millis(histogram.sum_ms));
        self.series("_count", labels, Value::Number(sum));
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn declare(&mut self, name: &'static str, help: &str, kind: &str) {
        self.name = name;
        for (word, said) in [("HELP", help), ("TYPE", kind)] {
            self.write(&["# ", word, " ", Self::PREFIX, name, " ", said, "\n"]);
        }
    }

    fn series(&mut self, suffix: &str, labels: &[Label<'_>], value: Value<'_>) {
        self.write(&[Self::PREFIX, self.name, suffix]);
        for (at, (name, value)) in labels.iter().enumerate() {
            let before = if at == 0 { "{" } else { "," };
            self.write(&[before, name, "=\"", &escaped(*value), "\""]);
        }
        let after = if labels.is_empty() { " " } else { "} " };
        self.write(&[after, &value.to_string(), "\n"]);
    }

    fn write(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
    }
}

/// A label's value may be any text, but for three characters.
fn escaped(value: Value<'_>) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            c => text.push(c),
        }
    }
    text
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            // Whole seconds as such, else what is needed of the rest.
            Self::Millis(millis) => {
                let (whole, rest) = (millis / 1000, millis % 1000);
                if rest == 0 {
                    write!(f, "{whole}")
                } else {
                    let text = alloc::format!("{whole}.{rest:03}");
                    f.write_str(text.trim_end_matches('0'))
                }
            }
        }
    }
}
