"""The processes that templates run in: what a hostile one gets, and that the next template gets its text."""

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.resolvers.templating.workers import Limits, TemplateWorkers, open_workers

pytestmark = pytest.mark.anyio

MEMORY = "The template needs more than 256 MB of memory: make less text at once."
PROCESSOR = "The template took longer than 1 s of the processor: simplify its loops and regular expressions."
GROWING = "{% set n = namespace(t='x' * 1000) %}{% for i in range(40) %}{% set n.t = n.t ~ n.t %}{% endfor %}"
LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
BACKTRACKING = "Value A (.*)\n\nStart\n  ^(x|x)*${A}!$$ -> Record\n"
REPEATING = "Value Filldown A (.*)\nValue B (b)\n\nStart\n  ^a${A}\n  ^${B} -> Record\n"


@pytest.fixture
async def workers() -> AsyncGenerator[TemplateWorkers]:
    async with open_workers(Limits(cpu_seconds=1, seconds=60, memory=256 * 2**20)) as workers:
        yield workers


async def render(workers: TemplateWorkers, template: str) -> object:
    return await workers.render(template, {"name": "edge-1"}, "string", "seed")


async def refusal_of(workers: TemplateWorkers, template: str) -> object:
    with pytest.raises(LanguageError) as refused:
        await render(workers, template)
    return refused.value.message


def environment_of(pid: int) -> list[str]:
    entries = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return [entry.partition("=")[0] for entry in entries if entry]


async def test_it_renders_casts_and_parses(workers: TemplateWorkers) -> None:
    assert await render(workers, "hostname {{ name }} \N{GREEK SMALL LETTER ALPHA}") == "hostname edge-1 α"
    assert await workers.render("{{ a | tojson }}", {"a": {"b": 1}}, "object", "seed") == {"b": 1}
    assert await workers.parse("Value A (\\S+)\n\nStart\n  ^a ${A} -> Record\n", "a b\n") == [{"A": "b"}]


async def test_a_refused_template_costs_its_process_nothing(workers: TemplateWorkers) -> None:
    await render(workers, "warm")
    (process,) = workers._idle
    assert await refusal_of(workers, "{% if %}") == (
        "The template cannot be rendered: line 1: Expected an expression, got 'end of statement block'"
    )
    assert workers._idle == [process]


@pytest.mark.parametrize(
    "bomb", ["{{ 'x' * 10**9 }}", "{{ 'x'.center(10**9) }}", "{{ 'x' | center(10**9) }}", "{{ '%1000000000d' % 1 }}",
             "{{ '{:>1000000000}'.format(1) }}", GROWING]
)  # fmt: skip
async def test_a_template_that_eats_memory_is_an_error(workers: TemplateWorkers, bomb: str) -> None:
    assert await refusal_of(workers, bomb) == MEMORY
    assert await render(workers, "{{ name }}") == "edge-1"


async def test_a_template_that_never_ends_is_an_error(workers: TemplateWorkers) -> None:
    assert await refusal_of(workers, LOOPS) == PROCESSOR
    assert await render(workers, "{{ name }}") == "edge-1"


async def test_a_pattern_that_explodes_is_an_error(workers: TemplateWorkers) -> None:
    with pytest.raises(LanguageError) as refused:
        await workers.parse(BACKTRACKING, "x" * 60)
    assert refused.value.message == PROCESSOR


async def test_records_that_repeat_a_large_value_are_refused_at_the_limit(workers: TemplateWorkers) -> None:
    with pytest.raises(LanguageError, match=r"^What comes of this is more than 32 MB\.$"):
        await workers.parse(REPEATING, "a" + "x" * 500_000 + "\nb" * 100)


async def test_one_that_waits_too_long_is_killed_at_the_deadline() -> None:
    async with open_workers(Limits(cpu_seconds=600, seconds=1)) as workers:
        assert await refusal_of(workers, LOOPS) == (
            "The template took longer than 1 s: simplify its loops and regular expressions."
        )


async def test_others_render_while_one_never_ends() -> None:
    async with open_workers(Limits(cpu_seconds=600, seconds=600)) as workers:
        bomb = asyncio.create_task(render(workers, LOOPS))
        texts = await asyncio.gather(*(render(workers, f"{number}") for number in range(20)))
        assert texts == [str(number) for number in range(20)]
        assert not bomb.done()
        bomb.cancel()
        await asyncio.gather(bomb, return_exceptions=True)


async def test_a_cancelled_template_leaves_no_process(workers: TemplateWorkers) -> None:
    await render(workers, "warm")
    (process,) = workers._idle
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await render(workers, LOOPS)
    assert process.returncode is not None
    assert await render(workers, "{{ name }}") == "edge-1"


async def test_a_process_that_somebody_killed_is_replaced(workers: TemplateWorkers) -> None:
    await render(workers, "warm")
    (process,) = workers._idle
    process.kill()
    await process.wait()
    assert await render(workers, "{{ name }}") == "edge-1"


async def test_the_servers_environment_stays_with_the_server(
    workers: TemplateWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://user:secret@db")
    await render(workers, "warm")
    (process,) = workers._idle
    assert [name for name in environment_of(process.pid) if not name.startswith("PYTHON")] == []


async def test_closing_ends_the_processes() -> None:
    async with open_workers() as workers:
        await asyncio.gather(*(render(workers, "warm") for _ in range(3)))
        processes = list(workers._idle)
    assert processes
    assert [process.returncode for process in processes] == [-9] * len(processes)
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)
