import pytest

from tests.factories import make_account, make_chair, make_member, make_village


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def member(village):
    return make_member(village)


@pytest.fixture
def president(client, village):
    """Of the village, and signed in."""
    account = make_account(village)
    client.force_login(account)
    return account


@pytest.fixture
def chair(client, village):
    """Of the township above the village, and signed in."""
    account = make_chair(village.parent)
    client.force_login(account)
    return account
