"""Matches as ECMA-262 says, for what `regex` takes for something else; counts its steps, and what it keeps to go back.

It is a loop without recursion but for what looks ahead or behind. What is to be done when a way fails is on one stack:
another instruction at another place, and the registers that are to be as they were.

A search goes on in slices as long as it gets further: in the text, to later beginnings of the match, or back down the
ways that are left. One that only tries the same again, as those without an end do, is refused soon. Between any two
instructions the interpreter may turn to another thread.
"""

from dataclasses import dataclass

from . import program as patterns_program
from .program import LINE_END_CHARACTERS, Program

# 0.4 to 0.8 µs each. A step reads one character or one run of them.
STEPS = 50_000  # without getting further
SLICE = 2_500
FURTHER = 250  # characters, or ways: what a slice must get further by, so that it does not count
MOST_STEPS = 1_000_000
MOST_WAYS = 200_000  # at most 150 bytes each: 30 MB
_CHARACTERS_OF_A_STEP = 32  # that a run reads


class TooManySteps(Exception):
    """A match took more steps, or would keep more ways to go back to, than it may. `limit` says which."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Found:
    """A match with the interface of one of `regex`."""

    text: str
    places: list[int]

    def start(self) -> int:
        return self.places[0]

    def end(self) -> int:
        return self.places[1]

    def group(self) -> str:
        return self.text[self.places[0] : self.places[1]]

    def groups(self) -> tuple[str | None, ...]:
        places = self.places
        return tuple(
            None if places[at] < 0 or places[at + 1] < 0 else self.text[places[at] : places[at + 1]]
            for at in range(2, len(places), 2)
        )


class Machine:
    """One search, or several, of one text: `most` steps, `idle` of them without getting further."""

    def __init__(self, program: Program, text: str, idle: int = STEPS, most: int = MOST_STEPS) -> None:
        self._program = program
        self._text = text
        self._most, self._most_idle = most, idle
        self._left, self._idle_left = most, idle
        self._steps = 0  # of this slice
        self._began = 0  # where the match that is tried begins
        self._reached = (
            -FURTHER,
            -FURTHER,
            0,
        )  # the latest beginning and place, and the fewest ways, seen between slices
        self._registers: list[int] = []
        self._ways: list[tuple[int, int, int]] = []

    def search(self, start: int) -> Found | None:
        """The first match from `start` on; TooManySteps when there are none left."""
        program, text = self._program, self._text
        fresh = [-1] * program.registers
        at, last = start, 0 if program.only_at_start else len(text)
        while at <= last:
            if program.next_start is not None:
                candidate = program.next_start(text, at)
                if candidate is None:
                    return None
                at = candidate.start()
            self._registers[:] = fresh
            self._ways.clear()
            self._began = at
            end = self._run(0, at)
            if end >= 0:
                return Found(text, [at, end, *self._registers[2 : 2 * program.groups + 2]])
            at += 1
        return None

    def _run(self, pc: int, at: int) -> int:
        """Where the match ends that begins at `at` with this instruction; -1 for none."""
        program, text, registers, ways = self._program, self._text, self._registers, self._ways
        code, characters, members = program.code, program.characters, program.members
        length = len(text)
        steps = self._steps
        bottom = len(ways)
        while True:
            steps -= 1
            if steps < 0:
                steps += self._next_slice(at)
            op, one, two = code[pc]
            pc += 1
            match op:
                case patterns_program.CHARACTER:
                    if matches := at < length and text[at] == characters[one]:
                        at += 1
                case patterns_program.MEMBER:
                    if matches := at < length and members[one][text[at]]:
                        at += 1
                case patterns_program.RUN:
                    run = program.runs[one](text, at)
                    if matches := run is not None:
                        steps -= (run.end() - at) // _CHARACTERS_OF_A_STEP
                        if run.end() > at + two:
                            ways.append((pc, run.end() - 1, at + two))
                        at = run.end()
                case patterns_program.SAVE:
                    ways.append((~one, registers[one], 0))
                    registers[one] = at
                    matches = True
                case patterns_program.SPLIT:
                    ways.append((two, at, at))
                    pc = one
                    matches = True
                case patterns_program.JUMP:
                    pc = one
                    matches = True
                case patterns_program.LOOP:
                    if len(ways) > MOST_WAYS:
                        raise TooManySteps(f"{MOST_WAYS} ways to go back to")
                    loop = program.loops[one]
                    count = registers[loop.count]
                    if count >= loop.most:
                        pc = two
                    elif count >= loop.least:
                        ways.append((two if loop.greedy else pc, at, at))
                        if not loop.greedy:
                            pc = two
                    matches = True
                case patterns_program.ROUND:
                    loop = program.loops[one]
                    count = registers[loop.count]
                    ways.append((~loop.count, count, 0))
                    registers[loop.count] = count + 1
                    ways.append((~loop.begin, registers[loop.begin], 0))
                    registers[loop.begin] = at if count >= loop.least else -1
                    for capture in loop.captures:
                        if registers[capture] >= 0:
                            ways.append((~capture, registers[capture], 0))
                            registers[capture] = -1
                    steps -= 1 + (len(loop.captures) >> 3)
                    matches = True
                case patterns_program.AGAIN:
                    matches = registers[one] != at
                    pc = two
                case patterns_program.START:
                    ways.append((~one, registers[one], 0))
                    registers[one] = 0
                    matches = True
                case patterns_program.CHARACTER_BEFORE:
                    if matches := at > 0 and text[at - 1] == characters[one]:
                        at -= 1
                case patterns_program.MEMBER_BEFORE:
                    if matches := at > 0 and members[one][text[at - 1]]:
                        at -= 1
                case patterns_program.TEXT_START:
                    matches = at == 0
                case patterns_program.TEXT_END:
                    matches = at == length
                case patterns_program.LINE_START:
                    matches = at == 0 or text[at - 1] in LINE_END_CHARACTERS
                case patterns_program.LINE_END:
                    matches = at == length or text[at] in LINE_END_CHARACTERS
                case patterns_program.BOUNDARY:
                    before = at > 0 and members[one][text[at - 1]]
                    matches = (before is not (at < length and members[one][text[at]])) == two
                case patterns_program.BACK:
                    after = self._after_reference(one, at, backwards=two == 1)
                    if matches := after >= 0:
                        steps -= abs(after - at) // _CHARACTERS_OF_A_STEP
                        at = after
                case patterns_program.LOOK:
                    self._steps = steps
                    kept = len(ways)
                    matches = (self._run(pc, at) >= 0) == one
                    steps = self._steps
                    if one:
                        # What it captured is to be forgotten on the way back, what else it could match is not tried.
                        ways[kept:] = [way for way in ways[kept:] if way[0] < 0]
                    else:
                        self._undo(kept)
                    pc = two
                case _:  # FOUND
                    self._steps = steps
                    return at
            while not matches:
                if len(ways) == bottom:
                    self._steps = steps
                    return -1
                pc, at, least = ways.pop()
                if pc < 0:
                    registers[~pc] = at
                    continue
                if least < at:
                    ways.append((pc, at - 1, least))
                matches = True

    def _next_slice(self, at: int) -> int:
        """So many steps more; TooManySteps when there are none, or the search got no further for too long."""
        began, place, ways = self._reached
        if self._began >= began + FURTHER or at >= place + FURTHER:
            self._reached = max(began, self._began), max(place, at), len(self._ways)
        elif len(self._ways) <= ways - FURTHER:
            self._reached = began, place, len(self._ways)
        else:
            self._idle_left -= SLICE
        self._left -= SLICE
        if self._idle_left < SLICE:
            raise TooManySteps(f"{self._most_idle} steps without getting further")
        if self._left < 0:
            raise TooManySteps(f"{self._most} steps")
        return SLICE

    def _after_reference(self, register: int, at: int, *, backwards: bool) -> int:
        """Where the text of a group that stands at `at` again ends, or begins; -1 where it does not."""
        first, last = self._registers[register], self._registers[register + 1]
        if first < 0 or last < 0:
            return at  # it took no part
        begin = at - (last - first) if backwards else at
        other = at if backwards else at + last - first
        if begin < 0 or other > len(self._text):
            return -1
        captured, again = self._text[first:last], self._text[begin:other]
        cases = self._program.cases
        if captured != again and (
            not cases
            or any(cases.get(one, one) != cases.get(two, two) for one, two in zip(captured, again, strict=True))
        ):
            return -1
        return begin if backwards else other

    def _undo(self, kept: int) -> None:
        while len(self._ways) > kept:
            register, value, _ = self._ways.pop()
            if register < 0:
                self._registers[~register] = value
