"""What a disagreement weighs: much where a clause of this policy rests on the figure, less where none does.

A finding of high severity sends a package to a person. That is right where two statements of a number the policy asks for cannot both be
true, and too much where the number decides nothing here.
"""

from collections.abc import Iterator
from typing import Final

from schemas.policy import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Covers,
    Declared,
    Matches,
    OneOf,
    Policy,
    Present,
    Requirement,
    Rows,
    Share,
    When,
)
from schemas.vocabulary import FactKey, Severity

#: Who applies is at stake under every policy.
IDENTITY: Final = frozenset({FactKey.APPLICANT_NAME, FactKey.APPLICANT_USCC})


def keys(requirement: Requirement) -> Iterator[FactKey]:
    """The facts a requirement is decided by, alternatives and conditions included."""
    match requirement:
        case Compare() | Present() | OneOf() | Matches() | Declared():
            yield requirement.key
        case Share():
            sides = (requirement.key, requirement.numerator, requirement.denominator)
            yield from (side for side in sides if side is not None and not isinstance(side, Rows))
        case Covers():
            if requirement.key:
                yield requirement.key
        case AnyOf() | AllOf() | AtLeast():
            for part in requirement.of:
                yield from keys(part)
        case When():
            yield from keys(requirement.condition)
            yield from keys(requirement.then)
            if requirement.otherwise:
                yield from keys(requirement.otherwise)
        case _:
            return


def bears_on(key: FactKey, policy: Policy) -> str | None:
    """The clause that rests on this fact: one it decides alone before one where it is an alternative."""
    alone = [clause.name for clause in policy.clauses if set(keys(clause.requirement)) == {key}]
    among = [clause.name for clause in policy.clauses if key in keys(clause.requirement)]
    return next(iter((*alone, *among)), None)


def severity_of(key: FactKey | None, policy: Policy) -> Severity:
    decisive = key is not None and (key in IDENTITY or bears_on(key, policy) is not None)
    return Severity.HIGH if decisive else Severity.MEDIUM
