"""Sections 6 and 7: tags, client binding, private sections."""

import hashlib

from Crypto.Cipher import ChaCha20_Poly1305

from .errors import malformed
from .keys import mac
from .varint import text, u

NONCE, AEAD_TAG, TAG = 24, 16, 16


def binding(identity):
    """32 bytes for a bound session (an empty identity is one), none for an unbound session (None)."""
    if identity is None:
        return b""
    return hashlib.sha256(text("statecookie 1 binding") + text(bytes(identity))).digest()


def root_prefix(identity):
    """What stands before the header in the input of a root's tag."""
    bound = binding(identity)
    return b"\x10" + u(len(bound)) + bound


def child_prefix(parent_full_tag):
    return b"\x11" + parent_full_tag


def full_tag(sign_key, prefix, header, immutable, private):
    return mac(sign_key, prefix + header + immutable + private)


def pad(plaintext, block):
    return plaintext + bytes(-len(plaintext) % block)


def seal(encrypt_key, hedge_key, context, padded, random):
    """nonce || ciphertext || AEAD tag, the nonce hedged as the page says."""
    nonce = mac(hedge_key, random + context + padded)[:NONCE]
    return seal_with_nonce(encrypt_key, nonce, padded)


def seal_with_nonce(encrypt_key, nonce, padded):
    ciphertext, tag = ChaCha20_Poly1305.new(key=encrypt_key, nonce=nonce).encrypt_and_digest(padded)
    return nonce + ciphertext + tag


def open_private(encrypt_key, section):
    """The padded plaintext; WireError if the AEAD tag is wrong."""
    nonce, ciphertext, tag = section[:NONCE], section[NONCE:-AEAD_TAG], section[-AEAD_TAG:]
    try:
        return ChaCha20_Poly1305.new(key=encrypt_key, nonce=nonce).decrypt_and_verify(ciphertext, tag)
    except ValueError as error:
        raise malformed("private section does not decrypt") from error
