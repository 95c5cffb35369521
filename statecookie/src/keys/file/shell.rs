//! A path as a shell takes it, for commands that an error proposes.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use std::path::Path;

/// In single quotes where the shell would see anything but a word.
pub(in crate::keys) fn in_shell(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        (*text).to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_the_shell_would_take_apart() {
        let quoted = |path| in_shell(Path::new(path));
        assert_eq!(quoted("/run/keys/pool.toml"), "/run/keys/pool.toml");
        assert_eq!(quoted("my keys"), "'my keys'");
        assert_eq!(quoted("it's;"), r"'it'\''s;'");
        assert_eq!(quoted("-R"), "'-R'");
        assert_eq!(quoted(""), "''");
    }
}
