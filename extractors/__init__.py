"""Bytes → Document → Facts: ``readers.read`` opens a file, ``extract`` understands one document, ``resolve`` brings them together."""

from extractors.layers import Difference, differences
from extractors.names import mentioned
from extractors.reading import extract
from extractors.resolve import Resolved, Uncounted, resolve

__all__ = ["Difference", "Resolved", "Uncounted", "differences", "extract", "mentioned", "resolve"]
