import pytest

from tests.factories import make_staff


@pytest.fixture
def staff(client, county):
    """Of the county that the tests have, and signed in."""
    account = make_staff(county)
    client.force_login(account)
    return account
