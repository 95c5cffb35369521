"""Section 4: HKDF, subkeys, a pool's list of keys, and the embedded default."""

import hashlib
import hmac
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
import math

from .varint import text, u32le, u64le

SALT = b"statecookie 1"


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def hkdf(secret, info):
    """HKDF-SHA256 with the page's salt; 32 bytes are one block of HKDF-Expand."""
    return mac(mac(SALT, secret), info + b"\x01")


@dataclass(frozen=True)
class Key:
    """Times in whole seconds."""
    id: int
    secret: bytes
    activates_at: int
    sign_until: int
    accept_until: int
    revoked: bool = False

    def __post_init__(self):
        if len(self.secret) < 32:
            raise ValueError("a secret has at least 32 bytes")
        if not self.activates_at <= self.sign_until <= self.accept_until:
            raise ValueError("activates_at <= sign_until <= accept_until")

    def subkey(self, label, pool, description):
        return _subkey(self.secret, label, pool, description)


@lru_cache(maxsize=4096)
def _subkey(secret, label, pool, description):
    return hkdf(secret, text("statecookie 1 " + label) + text(pool) + text(description))


class KeyList:
    """Keys held explicitly."""

    def __init__(self, keys):
        self.keys = {k.id: k for k in keys}

    def find(self, key_id, now_ms):
        return self.keys.get(key_id)

    def signing(self, now_ms):
        """The newest activated key that is not revoked; None if there is none or it is past its `sign_until`."""
        able = [k for k in self.keys.values() if not k.revoked and k.activates_at * 1000 <= now_ms]
        newest = max(able, key=lambda k: k.activates_at, default=None)
        return newest if newest and now_ms < newest.sign_until * 1000 else None


class EmbeddedKeys:
    """The embedded default: one root secret, a key for each period of `rotation` seconds."""

    def __init__(self, root_secret, root_validity, skew, rotation=10_800):
        if len(root_secret) < 32 or rotation < 1:
            raise ValueError("root secret of at least 32 bytes, rotation of at least 1 s")
        self.root_secret, self.rotation = root_secret, rotation
        self.extra = Fraction(root_validity) + Fraction(skew)

    @lru_cache(maxsize=4096)
    def key(self, p):
        r = self.rotation
        secret = hkdf(self.root_secret, text("statecookie 1 period") + u64le(r) + u32le(p))
        return Key(p, secret, p * r, (p + 1) * r, math.ceil((p + 1) * r + self.extra))

    def find(self, key_id, now_ms):
        """None before the key is known, one period ahead of its own."""
        return self.key(key_id) if now_ms >= (key_id - 1) * self.rotation * 1000 else None

    def signing(self, now_ms):
        p = now_ms // 1000 // self.rotation
        return self.key(p) if 0 <= p < 2**32 else None


@dataclass(frozen=True)
class Pool:
    """What verifier and issuer share: name, keys, schema."""
    name: str
    keys: object
    schema: object

    def subkey(self, key, label):
        return key.subkey(label, self.name, self.schema.description)

    def fingerprint(self, key):
        return self.subkey(key, "fingerprint")
