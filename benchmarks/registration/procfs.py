"""What a process cost, read from /proc (Linux)."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on, as the command's name may hold blanks (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def family(pid: int) -> list[int]:
    """The process and all that descend from it, as of now."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found.extend(int(child) for child in task.read_text().split())
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and its descendants, those that ended included; steps of 10 ms."""
    total = 0
    for member in family(pid):
        try:
            total += sum(int(ticks) for ticks in _stat(member)[11:15])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / _TICKS


def memory_mib(pid: int, peak: bool = False) -> float:
    """Resident memory of the process, now or at its highest."""
    name = "VmHWM:" if peak else "VmRSS:"
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
