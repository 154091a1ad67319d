"""The answer of a policy: allowed or not, and by which rule. Pure; a service's `policy.py` gives it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """rule: snake_case name of the rule that decided; the audit and a refused user see it."""

    allow: bool
    rule: str


def allow_if(condition: bool, rule: str) -> Verdict:
    """Allowed if the rule holds."""
    return Verdict(condition, rule)


def deny(rule: str) -> Verdict:
    """Refused, whoever asks."""
    return Verdict(False, rule)
