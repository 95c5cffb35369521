"""The exceptions of the package. `reason` is always one of the page's reason codes."""


class WireError(Exception):
    """Bytes that do not follow the format: `malformed`, `unlinked` or `unknown-version`."""

    def __init__(self, reason, detail="", tier=None):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail, self.tier = reason, detail, tier


class Refused(Exception):
    """A verifier's refusal. Reason, tier and field are for the operator, never for the peer."""

    def __init__(self, reason, tier=None, field=None, detail=""):
        super().__init__(f"{reason} (tier={tier}, field={field}) {detail}".rstrip())
        self.reason, self.tier, self.field, self.detail = reason, tier, field, detail


class NotIssuable(Exception):
    """The issuer was asked for something that its own pool would refuse to accept."""


class DerivedMissing(Exception):
    """A jar has no value for a derived field yet, so there is no bundle."""

    def __init__(self, field):
        super().__init__(f"no value for {field}")
        self.field = field


def malformed(detail, tier=None):
    """Shorthand for the most frequent error."""
    return WireError("malformed", detail, tier)
