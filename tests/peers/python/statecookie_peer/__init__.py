"""An independent implementation of StateCookie's wire format 1, written from the page alone."""

from .errors import NotIssuable, Refused, WireError
from .issuer import Issuer, Session
from .jar import Jar, Outcome, Status
from .keys import EmbeddedKeys, Key, KeyList, Pool
from .schema import DERIVED, IMMUTABLE, MUTABLE, PRIVATE, Field, Schema, Tier
from .textform import from_text, to_text
from .values import Duration, EnumValue, Some
from .verifier import Restored, Verifier
from .wire import parse_blob, parse_cookie
