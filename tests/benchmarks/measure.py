"""What a family of processes uses: CPU seconds, and memory as proportional set size."""

import statistics
from pathlib import Path

import psutil


def family(pid: int) -> list[psutil.Process]:
    """A process with all its children."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def cpu_seconds(pid: int) -> float:
    """What a family used since it started, with what its ended children had used."""
    used = 0.0
    for process in family(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system
        if process.pid == pid:
            used += times.children_user + times.children_system
    return used


def pss_mb(pid: int) -> float:
    """Proportional set size: shared pages count for each by its share."""
    kilobytes = 0
    for process in family(pid):
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
        kilobytes += int(line.split()[1])
    return kilobytes / 1024


def percentile(values: list[float], percent: int) -> float:
    """The value below which `percent` of them lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
