"""The rebuild of the benchmark `rebuild`, in a process of its own, so that its memory is its own, too."""

import time
from pathlib import Path

import uvloop

from libs.service.maintenance import on_bench, rebuild
from libs.testing.places import settings_for
from services.contacts.app import build
from services.contacts.person.projection import PERSON_LIST
from tests.benchmarks import beside


async def rebuilt(folder: str, url: str, nats: str) -> dict[str, float]:
    """Position reached, seconds taken, and the most megabytes this process ever had."""
    async with on_bench(build(settings_for(Path(folder), url, nats))) as bench:
        started = time.perf_counter()
        position = await rebuild(bench, PERSON_LIST.name)
        taken = time.perf_counter() - started
    return {"position": position, "seconds": taken, "megabytes": most_megabytes()}


def most_megabytes() -> float:
    """Of resident memory, since the start. Linux only."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    told = beside.task()
    beside.say("answer", uvloop.run(rebuilt(told["folder"], told["url"], told["nats"])))
