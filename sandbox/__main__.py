"""``python -m sandbox zygote|solo …``: the beginning of a child process; not for people."""

import sys

from sandbox import solo, zygote

if __name__ == "__main__":
    {"zygote": zygote.main, "solo": solo.main}[sys.argv.pop(1)]()
