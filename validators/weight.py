"""What a disagreement weighs: much where a clause of this policy rests on the figure, less where none does.

A finding of high severity sends a package to a person. That is right where two statements of a number the policy asks for cannot both be
true, and too much where the number decides nothing here.
"""

from collections.abc import Iterator
from typing import Final

from schemas.policy import Policy, Requirement, parts
from schemas.policy import keys as own_keys
from schemas.vocabulary import FactKey, Severity

#: Who applies is at stake under every policy.
IDENTITY: Final = frozenset({FactKey.APPLICANT_NAME, FactKey.APPLICANT_USCC})


def keys(requirement: Requirement) -> Iterator[FactKey]:
    """The facts a requirement is decided by, alternatives and conditions included."""
    yield from own_keys(requirement)
    for part in parts(requirement):
        yield from keys(part)


def bears_on(key: FactKey, policy: Policy) -> str | None:
    """The clause that rests on this fact: one it decides alone before one where it is an alternative."""
    alone = [clause.name for clause in policy.clauses if set(keys(clause.requirement)) == {key}]
    among = [clause.name for clause in policy.clauses if key in keys(clause.requirement)]
    return next(iter((*alone, *among)), None)


def severity_of(key: FactKey | None, policy: Policy) -> Severity:
    decisive = key is not None and (key in IDENTITY or bears_on(key, policy) is not None)
    return Severity.HIGH if decisive else Severity.MEDIUM
