"""The peer's half of the conformance kit: vectors of its own, and the differential run."""
