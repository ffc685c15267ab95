"""What a test needs of the system, and why it is passed over where the system has none."""

import os
import signal

import pytest

from xlplan.form.read.child import LIMITS_MEMORY

needs_limits = pytest.mark.skipif(not LIMITS_MEMORY, reason="the system keeps no limit of memory")
needs_alarm = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="the system has no alarm for a process"
)
needs_groups = pytest.mark.skipif(
    not (hasattr(os, "killpg") and hasattr(os, "mkfifo")), reason="no groups of processes, or no named pipes"
)
needs_terminals = pytest.mark.skipif(
    os.name != "posix", reason="Windows opens no terminal for a test: Python has no pty there"
)
needs_shell = pytest.mark.skipif(
    os.name != "posix", reason="start.sh is the script of systems with a shell of Unix"
)
