"""The rows as a table, and under it what was found, by name."""

from collections.abc import Sequence

from .row import Row

HEADINGS = (
    *("fault", "times", "acknowledged", "lost", "done twice", "(asked again)", "stuck", "wrong"),
    *("longest stall of starts", "recovered by itself"),
)


def table(rows: Sequence[Row]) -> str:
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [_line(line, widths) for line in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def details(row: Row) -> str:
    """What each number is made of, with up to three jobs of each kind."""
    found = [*row.verdict.lost, *row.verdict.twice, *row.verdict.stuck, *row.verdict.wrong]
    lines = [f"{row.fault}:"]
    for kind, count in row.verdict.kinds().most_common():
        jobs = [job for what, job in found if what == kind][:3]
        lines.append(f"  {count} x {kind} ({', '.join(jobs)}{', ...' if count > len(jobs) else ''})")
    lines += [f"  {note}" for note in row.notes]
    lines.append(f"  one job was taken over {row.most_takeovers} times at most")
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _cells(row: Row) -> tuple[str, ...]:
    verdict = row.verdict
    recovered = "yes" if not row.by_hand and not verdict.stuck else "no"
    numbers = (row.times, row.acknowledged, len(verdict.lost), len(verdict.twice), row.asked_again)
    counts = (*numbers, len(verdict.stuck), len(verdict.wrong))
    return (row.fault, *map(str, counts), f"{row.stall:.1f} s", recovered)
