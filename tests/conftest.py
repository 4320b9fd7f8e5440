import pytest
from django.core.cache import cache

from tests import databases


def pytest_collection_modifyitems(config, items):
    """Tests that ask no database run once, on the worker that has SQLite."""
    if databases.KIND == "postgresql":
        once = [item for item in items if item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in once]


@pytest.fixture(autouse=True)
def nothing_left_over():
    """Failed sign-ins of one test do not lock a name in the next."""
    cache.clear()
