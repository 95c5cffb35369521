"""Bounds of mutable values (section 2): rules as data, and whether a value lies within one."""

import math
from dataclasses import dataclass, field
from typing import Callable

from . import strict
from .values import decode_scalar, encode_scalar
from .varint import Reader


@dataclass(frozen=True)
class AnyValue:
    """Every value of the type but NaN."""


@dataclass(frozen=True)
class Range:
    low: object = None
    high: object = None
    high_excluded: bool = False


@dataclass(frozen=True)
class OneOf:
    values: tuple


@dataclass(frozen=True)
class Check:
    """A function of the application; it gets the whole value of the field (or struct member)."""
    path: str
    function: Callable = field(compare=False)


@dataclass(frozen=True)
class Signed:
    """A range computed from immutable fields: function(dict) -> (low, high, high_excluded) or None on overflow."""
    text: str
    function: Callable = field(compare=False)


@dataclass(frozen=True)
class Bound:
    """Greatest lengths from the outside in, and the rule for the leaves."""
    rule: object = AnyValue()
    lengths: tuple = ()


def as_leaf(shape, value):
    """A bound's end or listed value as the decoder would give it (rounds to f32 where the leaf is f32)."""
    if value is not None and isinstance(shape, strict.Scalar) and shape.kind == "f32":
        return decode_scalar(Reader(encode_scalar("f32", value)), "f32")
    return value


def _order(shape, value):
    """A key that sorts: variants by index, strings by bytes, everything else by itself."""
    if isinstance(shape, strict.Enum):
        return shape.variants.index(value)
    if isinstance(value, str):
        return value.encode("utf-8")
    return value


def in_range(shape, value, low, high, excluded):
    """`low <= x`, then `x <= high` or `x < high`; infinities only where they are such an end."""
    low, high = as_leaf(shape, low), as_leaf(shape, high)
    if isinstance(value, float) and math.isinf(value):
        if not (low is not None and value == low) and not (high is not None and not excluded and value == high):
            return False
    x = _order(shape, value)
    if low is not None and not _order(shape, low) <= x:
        return False
    if high is not None:
        top = _order(shape, high)
        return x < top if excluded else x <= top
    return True


def _leaves(shape, value):
    """All leaves of a value, outermost order; an absent option has none."""
    match shape:
        case strict.Array(_, inner) | strict.Sequence(inner):
            for item in value:
                yield from _leaves(inner, item)
        case strict.Option(inner):
            if value is not None:
                yield from _leaves(inner, value.value)
        case _:
            yield value


def within(shape, bound, value, immutables):
    """True if the value lies within the bound. `immutables`: signed values of the same and higher tiers."""
    at = strict.leaf(shape)
    rule = bound.rule
    ends = rule.function(dict(immutables)) if isinstance(rule, Signed) else None
    for x in _leaves(shape, value):
        if isinstance(x, float) and math.isnan(x):
            return False
        if isinstance(at, strict.Struct):
            if not all(within(m.shape, m.bound, x[m.name], immutables) for m in at.members):
                return False
        match rule:
            case Range(low, high, excluded):
                if not in_range(at, x, low, high, excluded):
                    return False
            case Signed():
                if ends is None or not in_range(at, x, *ends):
                    return False
    if isinstance(rule, OneOf):
        return any(as_leaf(shape, v) == value for v in rule.values)
    return not isinstance(rule, Check) or bool(rule.function(value))
