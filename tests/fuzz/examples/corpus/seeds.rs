//! The first inputs, made of the test vectors: the fuzzer begins where the format already is.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;
use statecookie_fuzz::corpus::from_hex;
use statecookie_fuzz::naive::{Blob, Header};
use statecookie_fuzz::targets;

type Inputs = Vec<Vec<u8>>;
type Fallible<T> = Result<T, Box<dyn Error>>;

/// What the fuzzer takes on its own; with longer inputs it would try as long ones everywhere, and get slow.
const LONGEST: usize = 4096;

/// Plans of `resume_signed` for schemas and servers that the vectors do not have: an honest chain of each, for good and for one
/// request, bound, with tiers left away or expired; one that is too long, and a session that is too old.
const PLANS: &[&[u8]] = &[
    &[3],
    &[3, 0x22],
    &[3, 0x60, 0, 0, 0, 1],
    &[3, 0x20, 4, 0x60, 0xea, 0, 0],
    &[5],
    &[5, 0x80, 5, 0, 4],
    &[0, 0x22],
    &[0, 0x60, 0, 0, 1],
    &[4, 0x40, 2, 0, 8, 250, 0xd0, 7],
    // Derived values: supplied, left away, one of them missing, other ones.
    &[10],
    &[10, 0x20],
    &[10, 0x40, 0, 0, 1],
    &[10, 0x40, 0, 0, 0x22],
    &[10, 0x60, 0, 1, 0],
    &[10, 0x40, 0, 0, 4, 3, 0, 0x91, 0x03],
];

/// The inputs of every target.
pub(crate) fn all() -> Fallible<Vec<(&'static str, Inputs)>> {
    let files = ["accepted", "refused", "peer-accepted", "peer-refused"];
    let cases = files.map(|file| read(&format!("{file}.json")));
    let cases = cases.into_iter().collect::<Fallible<Vec<_>>>()?;
    let cases: Vec<&Value> = cases.iter().filter_map(Value::as_array).flatten().collect();
    let blobs = cases
        .iter()
        .map(|case| bytes(&case["blob"]))
        .collect::<Fallible<Inputs>>()?;
    let updates = updates()?;
    let presented = cases
        .iter()
        .zip(&blobs)
        .map(|(case, blob)| present(case, blob))
        .collect::<Fallible<Inputs>>()?;
    let plans = PLANS
        .iter()
        .filter_map(|plan| targets::resume::planned_as_raw(plan));
    let presented: Inputs = presented.into_iter().chain(plans).collect();
    let inputs = targets::ALL.iter().map(|(name, _)| {
        let mut inputs: Inputs = match *name {
            "root_header" => headers(&blobs, true),
            "child_header" => headers(&blobs, false),
            "update" => updates.clone(),
            "bundle" => blobs.clone(),
            "inspect" => [&blobs[..], &updates].concat(),
            "text" => texts()?,
            "resume_raw" | "resume_resigned" => presented.clone(),
            "jar_merge" => updates
                .iter()
                .filter_map(|update| raw_message(update))
                .collect(),
            "codec" => each_kind(256, &[0, 1, 2, 3, 4, 5, 6, 7, 8]),
            "deserializer" => each_kind(targets::deserializer::KINDS, &[1, 2, 0, 3, 1, 0, 4, 5]),
            // Each server, and the honest chain.
            _ => each_kind(10, &[]),
        };
        inputs.retain(|input| input.len() <= LONGEST);
        Ok((*name, inputs))
    });
    inputs.collect()
}

fn read(file: &str) -> Fallible<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    Ok(serde_json::from_str(&fs::read_to_string(
        folder.join(file),
    )?)?)
}

fn bytes(hex: &Value) -> Fallible<Vec<u8>> {
    Ok(from_hex(hex.as_str().ok_or("no hexadecimal digits")?)?)
}

fn headers(blobs: &[Vec<u8>], root: bool) -> Inputs {
    let parsed = blobs
        .iter()
        .filter_map(|blob| Blob::read(blob, usize::MAX).ok());
    let cookies = parsed.flat_map(|blob| blob.cookies);
    let cookies = cookies.filter(|cookie| cookie.header.root.is_some() == root);
    cookies
        .map(|cookie| Header::write(&cookie.header))
        .collect()
}

fn updates() -> Fallible<Inputs> {
    let stories = read("jar.json")?;
    let stories = stories.as_array().into_iter().flatten();
    let steps = stories
        .filter_map(|story| story["steps"].as_array())
        .flatten();
    steps.map(|step| bytes(&step["update"])).collect()
}

fn texts() -> Fallible<Inputs> {
    let texts = read("text.json")?;
    let lists = ["accepted", "refused"]
        .into_iter()
        .filter_map(|list| texts[list].as_array());
    let texts = lists.flatten().filter_map(|case| case["text"].as_str());
    Ok(texts.map(|text| text.as_bytes().to_vec()).collect())
}

/// Server, flags, the exact time, and the blob: as the resume targets read them.
fn present(case: &Value, blob: &[u8]) -> Fallible<Vec<u8>> {
    let server = match case["schema"].as_str() {
        Some("World") => 0,
        Some("Basket") => 1,
        Some("Note") if case["pool"]["name"] == "vectors" => 2,
        Some("Ladder") => 6,
        Some("Till") => 7,
        Some("Archive") => 8,
        Some("all numbers") => 9,
        _ => 4,
    };
    let flags = match case["identity"].as_str() {
        None => 0,
        Some("") => 3,
        Some(_) => 2,
    };
    let now = case["now_ms"].as_u64().ok_or("no time")?;
    Ok([&[server, flags, 7][..], &now.to_le_bytes(), blob].concat())
}

/// One tier, then one message of bytes.
fn raw_message(update: &[u8]) -> Option<Vec<u8>> {
    let len = u8::try_from(update.len()).ok()?;
    Some([&[0, 7, len][..], update].concat())
}

fn each_kind(kinds: usize, rest: &[u8]) -> Inputs {
    (0..kinds)
        .map(|kind| [&[kind as u8][..], rest].concat())
        .collect()
}
