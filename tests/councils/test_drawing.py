from hypothesis import given
from hypothesis import strategies as st

from councils.drawing import places

CODES = st.dictionaries(
    st.integers(100, 999), st.sets(st.integers(100, 999), max_size=6), max_size=8
)  # {township: its villages}


@given(CODES)
def test_every_node_is_drawn_inside_its_parent_and_beside_its_neighbours(townships):
    nodes = [("341226", None)]
    for township, villages in townships.items():
        nodes.append((f"341226{township}", "341226"))
        nodes += [(f"341226{township}{village}", f"341226{township}") for village in villages]
    found = places(sorted(nodes))
    numbers = [number for place in found.values() for number in place[:2]]
    assert sorted(numbers) == list(range(1, 2 * len(nodes) + 1))
    for code, parent in nodes:
        assert found[code].lft < found[code].rght
        if parent:
            assert found[parent].lft < found[code].lft
            assert found[code].rght < found[parent].rght
            assert found[code].depth == found[parent].depth + 1


def test_each_county_begins_at_one():
    found = places([("110101", None), ("110101001", "110101"), ("110102", None)])
    assert (found["110101"].lft, found["110102"].lft) == (1, 1)
