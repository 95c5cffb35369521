//! The planted secrets, and every form in which a text could betray a piece of one.

use statecookie::to_text;

/// The pool key: 40 bytes of no pattern.
pub(crate) fn pool_key() -> Vec<u8> {
    let word = |at: u64| {
        (at + 11)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(23)
    };
    (0..5).flat_map(|at| word(at).to_le_bytes()).collect()
}

/// A private text.
pub(crate) const TEXT: &str = "Dr. Zwyx: allergic to Qvorum-17";

/// A private number.
pub(crate) const NUMBER: u64 = 6_917_529_027_641_081_939;

/// Private bytes.
pub(crate) const BYTES: [u8; 24] = *b"\x91\xfe\x03\xc7\xaa\x18\x5d\xe2\x77\x40\xb9\x0c\xf3\x66\x2b\xd8\x15\x8e\xc1\x3a\x9d\x50\xef\x24";

/// Bytes of the smallest piece that is looked for.
const PIECE: usize = 9;

/// Every form of every piece of every secret.
pub(crate) fn forms() -> Vec<(&'static str, String)> {
    let mut forms = vec![("the private number", NUMBER.to_string())];
    forms.push(("the private number", format!("{NUMBER:x}")));
    for (name, secret) in [
        ("the pool key", pool_key()),
        ("the private text", TEXT.into()),
        ("the private bytes", BYTES.into()),
        ("the private number", NUMBER.to_le_bytes().repeat(2)),
    ] {
        for piece in secret.windows(PIECE) {
            forms.extend(written(piece).into_iter().map(|form| (name, form)));
        }
    }
    forms
}

/// As it is, as text with escapes, in digits, in base64, as the list that `Debug` makes of bytes.
fn written(piece: &[u8]) -> [String; 12] {
    let digits = |digit: fn(&u8) -> String| piece.iter().map(digit).collect::<Vec<_>>();
    let standard = to_text(piece).replace('-', "+").replace('_', "/");
    [
        digits(|byte| format!("{byte:02x}")).concat(),
        digits(|byte| format!("{byte:02X}")).concat(),
        digits(|byte| format!("{byte:02x}")).join(" "),
        digits(|byte| format!("{byte:02x}")).join(":"),
        digits(|byte| format!("{byte:02x}")).join(", "),
        digits(u8::to_string).join(", "),
        digits(u8::to_string).join(","),
        // Of `{:#?}`, whatever the indentation.
        digits(u8::to_string).join(",\n"),
        String::from_utf8_lossy(piece).into_owned(),
        piece.escape_ascii().to_string(),
        to_text(piece),
        standard,
    ]
}

/// The secrets that a text betrays.
pub(crate) fn betrayed(text: &str, forms: &[(&'static str, String)]) -> Vec<&'static str> {
    // `{:#?}` puts each element of a list on a line of its own.
    let flat: Vec<&str> = text.lines().map(str::trim_start).collect();
    let flat = flat.join("\n");
    let mut names: Vec<_> = forms
        .iter()
        .filter(|(_, form)| text.contains(form) || flat.contains(form))
        .map(|(name, _)| *name)
        .collect();
    names.dedup();
    names
}
