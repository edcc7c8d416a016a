"""Everyday words for what Compacts say formally: “they cut our grant” finds the ending of a funding relationship. Part of `editions`."""

from __future__ import annotations

# Each line: words that mean the same here. They are compared by their first one.
_SAME = (
    "funding fund funded funder grant money",
    "ending end ended stop stopped stopping cut cutting withdraw withdrawn withdrew withdrawing terminate terminated termination "
    "conclude concluding reduce reduced reducing axe axed discontinue discontinued lose lost losing",
    "reason rationale explain explained explanation why justify justified",
    "notice warning warned warn",
    "reply respond response answer answered",
    "payment pay paid paying",
    "consultation consult consulted consulting",
    "inform informed tell told telling",
    "monitoring monitor monitored reporting report paperwork return",
    "application apply applied applying bid bidding tender",
    "cost overhead",
    "early earliest advance beforehand",
    "agreement contract",
)
_FIRST = {word: line.split()[0] for line in _SAME for word in line.split()}


def meaning(word: str) -> str:
    """The word by which this one is compared: its own, or the formal one for it."""
    return _FIRST.get(word, word)
