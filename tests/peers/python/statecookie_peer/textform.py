"""Section 9: base64url without padding, strictly."""

import base64
import re

from .errors import malformed

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def to_text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_text(written):
    """Strict: alphabet, a possible length, and zero unused bits (checked by writing it again)."""
    if not _ALPHABET.fullmatch(written) or len(written) % 4 == 1:
        raise malformed("not base64url")
    raw = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
    if to_text(raw) != written:
        raise malformed("unused bits are not zero")
    return raw
