"""Children that may do nothing but compute: where a stranger's bytes are parsed.

A child is given one file, answers in frames of bounded length, and is killed with everything it started when it is late or says too much.
On Linux it is locked by limits on memory and time, ``no_new_privs``, Landlock and seccomp; ``lock.layers`` says which of these a machine has.
This room knows nothing of documents: what runs in a child is a function of a module the caller names (``Task``).
"""

from sandbox.bounds import Bounds
from sandbox.child import Child, ChildError, Ending, LateError, OverrunError
from sandbox.layers import Layers, layers
from sandbox.solo import Solo
from sandbox.wire import Task, Wire
from sandbox.zygote import Zygote

__all__ = [
    "Bounds",
    "Child",
    "ChildError",
    "Ending",
    "LateError",
    "Layers",
    "OverrunError",
    "Solo",
    "Task",
    "Wire",
    "Zygote",
    "layers",
]
