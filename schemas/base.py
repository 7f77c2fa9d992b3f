"""What every value that passes between rooms has in common: frozen, closed, tuples inside.

A stage returns new values; nothing edits what it was given. ``None`` means "not stated".
"""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Unknown fields are refused, so a typo cannot hide."""

    model_config = ConfigDict(frozen=True, extra="forbid")
