"""Fields of Word's documents, old and new: which of them fetch or run something."""

import re
from typing import Final

#: What a field fetches or runs; ``QUOTE`` with numbers spells out what is not to be read.
ACTIVE_FIELD: Final = re.compile(
    r"""^\s*(?:(?:INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|RD|MACROBUTTON\s+(?!AcceptAllChangesShown|NoMacro)\S*[.!])\b"""
    r"""|QUOTE(?:\s+\d{2,3}){3}|HYPERLINK\s+"?\s*(?:javascript|vbscript|file|data|ms-\w+):|HYPERLINK\s+"?\\\\)""",
    re.IGNORECASE,
)
