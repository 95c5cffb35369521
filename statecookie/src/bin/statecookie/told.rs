//! An explanation, for people and as JSON.

use serde_json::{Map, Value, json};

use crate::explain::{Refused, Said, Verdict};
use crate::page::{Page, wrapped};

pub(crate) fn as_text(said: &Said) -> String {
    let mut page = Page::default();
    page.line(&heading(&said.verdict));
    for (word, fact) in &said.facts {
        page.row(word, fact);
    }
    if let Verdict::Refused(refused) = &said.verdict {
        let advice = &refused.advice;
        page.line("");
        wrapped(&mut page, "", advice.means);
        wrapped(&mut page, "", advice.to_do);
    }
    page.line("");
    if !said.good.is_empty() {
        wrapped(&mut page, "Good: ", &format!("{}.", said.good.join(", ")));
    }
    if !said.unchecked.is_empty() {
        page.line("Not checked here:");
        for what in &said.unchecked {
            wrapped(&mut page, "- ", what);
        }
    }
    page.finish()
}

fn heading(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted => "ACCEPTED, as far as it can be told outside of the program".to_owned(),
        Verdict::Open => "OPEN: its form is good; the rest is claims, and needs keys".to_owned(),
        Verdict::Refused(refused) => format!("REFUSED: {}", place(refused)),
    }
}

/// As the library's refusal says it in a log.
fn place(refused: &Refused) -> String {
    let mut text = refused.reason.to_string();
    if let Some(tier) = refused.tier {
        text += &format!(" at {tier}");
    }
    if let Some(field) = &refused.field {
        text += &format!(", field `{}`", field.escape_debug());
    }
    if let Some(key) = refused.key {
        text += &format!(", key {key}");
    }
    text
}

pub(crate) fn as_json(said: &Said) -> Value {
    let facts = said.facts.iter();
    let facts: Map<_, _> = facts
        .map(|(word, fact)| ((*word).to_owned(), json!(fact)))
        .collect();
    let mut json = json!({
        "verdict": match &said.verdict {
            Verdict::Accepted => "accepted",
            Verdict::Refused(_) => "refused",
            Verdict::Open => "open",
        },
        "facts": facts,
        "good": said.good,
        "unchecked": said.unchecked,
    });
    if let (Verdict::Refused(refused), Some(json)) = (&said.verdict, json.as_object_mut()) {
        let advice = &refused.advice;
        json.insert("reason".to_owned(), json!(refused.reason.as_str()));
        json.insert(
            "tier".to_owned(),
            json!(refused.tier.map(|tier| tier.number())),
        );
        json.insert("field".to_owned(), json!(refused.field));
        json.insert("key_id".to_owned(), json!(refused.key.map(|key| key.0)));
        json.insert("means".to_owned(), json!(advice.means));
        json.insert("to_do".to_owned(), json!(advice.to_do));
    }
    json
}
