"""Charts as SVG, drawn on the server: no script, no style attribute, readable without colour and on any width.

Lengths along the width are shares of it, so that words keep their size on a phone; heights are pixels. Colours and
patterns are classes of board.css. A chart stands in its template with its figures as a table beneath.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

COLOURS = 6  # fixed ones; a seventh series would need a seventh look
ROW, THICK = 26, 14  # pixels a bar takes, and is thick
LONGEST = 72  # of a hundred, for the longest bar: its value stands behind it
HIGH = 44  # pixels of the columns
GRAPH, ABOVE, BENEATH = 150, 18, 24  # pixels of a graph's lines, and of what stands above and beneath
ASIDE = 5  # of a hundred, for the numbers of its axis
MARKS = (  # one shape for each series, around its point
    "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z", "M0 -5L5 0L0 5L-5 0Z", "M-4 -4H4V4H-4Z",
    "M0 -5L5 4H-5Z", "M0 5L5 -4H-5Z", "M-4 -1.5H4V1.5H-4Z",
)  # fmt: skip


class Bar(NamedTuple):
    """One thing counted: `shown` is its value as it is written, `address` the records that make it."""

    label: str
    value: float
    shown: str
    address: str = ""


@dataclass(frozen=True)
class Series:
    """One line of a graph: a value for each month, None where there is none."""

    label: str
    values: Sequence[float | None]


def _number(value: float, places: int = 2) -> SafeString:
    """A length as it is written: a page has some thousand of them, and none has anything to escape."""
    return SafeString(f"{value:.{places}f}")


def bar(one: Bar, most: float) -> SafeString:
    """A bar from 0 for one row of a table, its value at its end; `most` is the longest of all rows."""
    share = _number(LONGEST * one.value / (most or 1))
    drawn = format_html(
        '<rect class="c1" x="0" y="{}" width="{}%" height="{}"/>'
        '<svg x="{}%" overflow="visible"><text class="value" x="6" y="{}">{}</text></svg>',
        _number((ROW - THICK) / 2, 1), share, _number(THICK, 0), share, _number(ROW / 2 + 5, 1), one.shown,
    )  # fmt: skip
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="group" aria-label="{}">{}'
        '<line class="axis" x1="0.5" x2="0.5" y1="0" y2="{}"/></svg>',
        _number(ROW, 0), one.label, _linked(one, drawn, ROW), _number(ROW, 0),
    )  # fmt: skip


def parts(title: str, found: Sequence[Bar]) -> SafeString:
    """One bar of several parts that make up a whole, each with the look of its place."""
    whole = sum(each.value for each in found) or 1
    starts = [sum(each.value for each in found[:at]) / whole * 100 for at in range(len(found))]
    drawn = format_html_join(
        "",
        '<rect class="c{0}" x="{1}%" width="{2}%" height="{3}"/>'
        '<rect x="{1}%" width="{2}%" height="{3}" fill="url(#pattern-{4})"/>',
        ((at + 1, f"{starts[at]:.2f}", f"{100 * each.value / whole:.2f}", THICK, at) for at, each in enumerate(found)),
    )
    return format_html(
        '<svg class="chart parts" width="100%" height="{}" role="img" aria-label="{}">{}</svg>', THICK, title, drawn
    )


def columns(label: str, found: Sequence[Bar], look: int, most: float | None = None) -> SafeString:
    """A row of columns from 0, one a month, the last one standing out; `look` from 0 to 5 is its colour and pattern."""
    top = most or max((each.value for each in found), default=0) or 1
    wide = 100 / max(len(found), 1)
    drawn = format_html_join(
        "", "{}", ((_column(at, each, top, wide, look, at == len(found) - 1),) for at, each in enumerate(found))
    )
    return format_html(
        '<svg class="chart columns" width="100%" height="{}" role="group" aria-label="{}">{}'
        '<line class="axis" x1="0" x2="100%" y1="{}" y2="{}"/></svg>',
        HIGH + 1, label, drawn, HIGH + 0.5, HIGH + 0.5,
    )  # fmt: skip


def lines(title: str, months: Sequence[str], series: Sequence[Series]) -> SafeString:
    """Lines over months from 0, each with its own mark, so that none needs its colour."""
    known = [value for each in series for value in each.values if value is not None]
    most = _round_up(max(known, default=0))
    wide = (100 - ASIDE) / max(len(months), 1)
    steps = [(GRAPH + ABOVE - GRAPH * part / 2, f"{most * part / 2:,.0f}") for part in (0, 1, 2)]
    ground = format_html_join(
        "",
        '<line class="rule" x1="0" x2="100%" y1="{0}" y2="{0}"/><text class="step" x="0" y="{1}">{2}</text>',
        ((y, y - 4, text) for y, text in steps),
    )
    names = format_html_join(
        "",
        '<text class="step" x="{}%" y="{}" text-anchor="middle">{}</text>',
        ((f"{ASIDE + (at + 0.5) * wide:.2f}", GRAPH + ABOVE + 17, name) for at, name in enumerate(months)),
    )
    drawn = format_html_join("", "{}", ((_line(at, each, most, wide),) for at, each in enumerate(series)))
    return format_html(
        '<svg class="chart graph" width="100%" height="{}" role="img" aria-label="{}">{}{}{}</svg>',
        GRAPH + ABOVE + BENEATH, title, ground, names, drawn,
    )  # fmt: skip


def swatch(look: int) -> SafeString:
    """The small square or mark that stands for one of the six looks in a legend."""
    return format_html(
        '<svg class="swatch" width="14" height="14" aria-hidden="true"><rect class="c{}" width="14" height="14"/>'
        '<rect width="14" height="14" fill="url(#pattern-{})"/></svg>',
        look + 1, look,
    )  # fmt: skip


def mark(look: int) -> SafeString:
    """The mark of a line, for a legend."""
    return format_html(
        '<svg class="swatch" width="26" height="14" aria-hidden="true"><line class="s{}" x1="0" x2="26" y1="7" y2="7"/>'
        '<svg x="13" y="7" overflow="visible"><path class="c{}" d="{}"/></svg></svg>',
        look + 1, look + 1, MARKS[look],
    )  # fmt: skip


def patterns() -> SafeString:
    """What the looks are told apart by without colour; once on a page, before its charts."""
    strokes = ("", "M0 6L6 0", "M3 2V4", "M0 6L6 0M0 0L6 6", "M0 3H6", "M3 0V6")
    return format_html(
        '<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>{}</defs></svg>',
        format_html_join(
            "",
            '<pattern id="pattern-{}" width="6" height="6" patternUnits="userSpaceOnUse"><path class="hatch" d="{}"/>'
            "</pattern>",
            enumerate(strokes),
        ),
    )


def _column(at: int, bar: Bar, top: float, wide: float, look: int, last: bool) -> SafeString:
    height = max(HIGH * bar.value / top, 1.5 if bar.value else 0)
    drawn = format_html(
        '<rect class="c{0}{1}" x="{2}%" y="{3}" width="{4}%" height="{5}"/>'
        '<rect x="{2}%" y="{3}" width="{4}%" height="{5}" fill="url(#pattern-{6})"/>',
        _number(look + 1, 0), SafeString("" if last else " past"), _number((at + 0.14) * wide),
        _number(HIGH - height, 1), _number(0.72 * wide), _number(height, 1), _number(look, 0),
    )  # fmt: skip
    return _linked(bar, drawn, HIGH, at * wide, wide)


def _linked(bar: Bar, drawn: SafeString, height: int, x: float = 0, width: float = 100) -> SafeString:
    told = f"{bar.label} {bar.shown}"
    if not bar.address:
        return format_html("<g><title>{}</title>{}</g>", told, drawn)
    return format_html(
        '<a href="{}" aria-label="{}"><title>{}</title>'
        '<rect class="hit" x="{}%" y="0" width="{}%" height="{}"/>{}</a>',
        bar.address, told, told, _number(x), _number(width), _number(height, 0), drawn,
    )  # fmt: skip


def _line(look: int, series: Series, most: float, wide: float) -> SafeString:
    points = [
        (ASIDE + (at + 0.5) * wide, ABOVE + GRAPH - GRAPH * value / most)
        for at, value in enumerate(series.values)
        if value is not None
    ]
    ends = list(pairwise(points))
    return format_html(
        "<g>{}{}</g>",
        format_html_join(
            "",
            '<line class="s{}" x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
            ((look + 1, _number(a[0]), _number(a[1], 1), _number(b[0]), _number(b[1], 1)) for a, b in ends),
        ),
        format_html_join(
            "",
            '<svg x="{}%" y="{}" overflow="visible"><path class="c{}" d="{}"/></svg>',
            ((_number(x), _number(y, 1), look + 1, MARKS[look]) for x, y in points),
        ),
    )


def _round_up(value: float) -> float:
    """The next number that two steps divide well: 1, 2, 4, 6, 8, 10 times a power of ten."""
    power = 1.0
    while value > 10 * power:
        power *= 10
    return next((each * power for each in (2, 4, 6, 8, 10) if each * power >= value), 10 * power)
