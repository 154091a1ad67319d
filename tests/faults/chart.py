"""The soak as one picture: memory of every program, lag of the readers, and a mark for every fault."""

from collections.abc import Sequence
from html import escape

from tests.faults.soak import Soaked

WIDTH, HEIGHT, LEFT, GAP = 900, 150, 60, 46
COLOURS = ("#1b6ca8", "#c8553d", "#4c8c4a", "#7a5195", "#b08900")


def chart(found: Soaked) -> str:
    """An SVG of its own: memory above, lag below, faults as ticks on both time lines."""
    names = sorted({name for sample in found.samples for name in sample.memory})
    memory = {name: [(one.at_s, one.memory[name]) for one in found.samples if name in one.memory] for name in names}
    lag = {"lag": [(one.at_s, float(one.lag)) for one in found.samples if one.lag is not None]}
    whole = HEIGHT + GAP
    parts = [
        _panel(found, 30, "memory of each program, MB", memory),
        _panel(found, 30 + whole, "events readers had not seen yet", lag),
        _legend(names, 30 + 2 * whole - 8),
    ]
    size = f'viewBox="0 0 {LEFT + WIDTH + 20} {2 * whole + 60}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, "</svg>"]) + "\n"


def _panel(found: Soaked, top: int, title: str, lines: dict[str, list[tuple[float, float]]]) -> str:
    most = max((value for line in lines.values() for _, value in line), default=0.0) or 1.0
    seconds = max(found.seconds, 1.0)

    def place(at_s: float, value: float) -> str:
        return f"{LEFT + WIDTH * at_s / seconds:.1f},{top + HEIGHT * (1 - value / most):.1f}"

    ticks = "".join(
        f'<line x1="{LEFT + WIDTH * at / seconds:.1f}" x2="{LEFT + WIDTH * at / seconds:.1f}"'
        f' y1="{top + HEIGHT}" y2="{top + HEIGHT + 6}" stroke="#888"><title>{escape(name)}</title></line>'
        for at, name in found.faults
    )
    drawn = "".join(
        f'<polyline fill="none" stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="1.5"'
        f' points="{" ".join(place(*point) for point in line)}"/>'
        for number, line in enumerate(lines.values())
    )
    minutes = "".join(
        f'<text x="{LEFT + WIDTH * part / 4:.0f}" y="{top + HEIGHT + 20}" text-anchor="middle">'
        f"{seconds * part / 240:.0f} min</text>"
        for part in range(5)
    )
    return (
        f'<text x="{LEFT}" y="{top - 8}">{escape(title)}</text>'
        f'<text x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{most:,.0f}</text>'
        f'<text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">0</text>'
        f'<path d="M{LEFT},{top}V{top + HEIGHT}H{LEFT + WIDTH}" fill="none" stroke="#444"/>'
        f"{ticks}{drawn}{minutes}"
    )


def _legend(names: Sequence[str], top: int) -> str:
    return "".join(
        f'<text x="{LEFT + number * 210}" y="{top + 24}" fill="{COLOURS[number % len(COLOURS)]}">{escape(name)}</text>'
        for number, name in enumerate(names)
    )
