import re
from xml.etree import ElementTree

import pytest

from reports import charts
from reports.charts import Bar, Series

pytestmark = pytest.mark.once
NAME = '<镇 & "村">'


def drawn(text):
    """Every chart that there is, of things with awkward names."""
    one = Bar(text, 5, "5", "/list/?a=1&b=2")
    return [
        charts.bar(one, 9), charts.bar(Bar(text, 0, "0"), 0), charts.columns(text, [one, Bar(text, 0, "0")], 5),
        charts.parts(text, [one, one]), charts.lines(text, [text, text, text], [Series(text, [0, None, 12])]),
        charts.patterns(), charts.swatch(3), charts.mark(1),
    ]  # fmt: skip


@pytest.mark.parametrize("chart", drawn(NAME))
def test_a_chart_is_whole_xml_without_style_or_script(chart):
    ElementTree.fromstring(str(chart))
    assert not re.search(r"style=|<script|\son\w+=", chart)


def test_a_bar_begins_at_nought_and_says_its_value_at_its_end():
    longest, half = charts.bar(Bar("甲", 10, "10"), 10), charts.bar(Bar("乙", 5, "5"), 10)
    widths = [float(re.search(r'class="c1" x="0" y="[\d.]+" width="([\d.]+)%', each)[1]) for each in (longest, half)]
    assert widths == [charts.LONGEST, charts.LONGEST / 2]
    assert f'<svg x="{charts.LONGEST / 2:.2f}%" overflow="visible"><text class="value" x="6" y="18.0">5</text>' in half


def test_a_bar_is_a_link_with_a_label_where_its_records_can_be_opened():
    assert '<a href="/list/" aria-label="甲 10">' in charts.bar(Bar("甲", 10, "10", "/list/"), 10)
    assert "<a " not in charts.bar(Bar("甲", 10, "10"), 10)


def test_each_look_has_a_pattern_of_its_own():
    found = re.findall(r'<pattern id="pattern-(\d)".*?d="([^"]*)"', charts.patterns())
    assert len({shape for _id, shape in found}) == len(found) == charts.COLOURS


def test_each_line_has_a_mark_of_its_own():
    assert len(set(charts.MARKS)) == charts.COLOURS


@pytest.mark.parametrize(("value", "most"), [(0, 2), (9, 10), (10, 10), (11, 20), (2436, 4000), (6001, 8000)])
def test_an_axis_ends_at_a_round_number_that_nothing_exceeds(value, most):
    assert charts._round_up(value) == most
