"""What was typed when a session ended comes back to who typed it, and to nobody else."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from councils.forms import DEEDS as TREE_DEEDS
from cunsao.drafts import LEFT_OUT
from members.deeds import DEEDS as MEMBER_DEEDS
from members.models import Member, Membership, Post
from tests.factories import JOINED, make_account, make_member, make_number, make_township, villages_of

pytestmark = pytest.mark.django_db
PASSWORD = "Bar-user-2026!"
HOST = "http://testserver"


@pytest.fixture
def village():
    return villages_of(make_township(villages=1))[0]


@pytest.fixture
def chair(village):
    return make_account(village.parent, "township_chair", "zhao", PASSWORD)


class Browser:
    """A browser with forms as pages have them: tokens, where they were sent from, and whose page they stand on."""

    def __init__(self):
        self.client = Client(enforce_csrf_checks=True)

    def open(self, address):
        page = self.client.get(address)
        return Form(self.client, address, page.text)

    def sign_in(self, name, page="/tree/", form=None):
        form = form or self.open(f"/login/?next={page}")
        return form.send("/login/", {"username": name, "password": PASSWORD, "next": page})

    def sign_out(self):
        return self.open("/tree/").send("/logout/", {})


class Form:
    def __init__(self, client, address, text):
        self.client, self.address, self.text = client, address, text
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]

    def send(self, to, said, token="", **headers):
        sent = {"origin": HOST, "referer": HOST + self.address} | headers
        return self.client.post(to, said | {"csrfmiddlewaretoken": token or self.token}, headers=sent)


@pytest.fixture
def browser(chair):
    browser = Browser()
    assert browser.sign_in("zhao").status_code == 302
    return browser


def kept_in(page):
    return html.unescape(re.search(r'name="kept" value="([^"]+)"', page.text)[1])


def after_signing_in(browser, page, name="zhao"):
    """Signs in on the page that answered, and opens where it leads."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    to = html.unescape(re.search(r'name="next" value="([^"]+)"', page.text)[1])
    said = {"username": name, "password": PASSWORD, "next": to, "kept": kept_in(page), "csrfmiddlewaretoken": token}
    answer = browser.client.post("/login/", said, headers={"origin": HOST})
    assert answer.status_code == 302
    return browser.client.get(answer.headers["Location"])


def leaving(member):
    return reverse("member_deed", args=[member.pk, "leave"]), {"day": "2023-01-31", "reason": "resigned"}


def test_after_an_idle_session_the_form_opens_as_it_was_typed_and_nothing_was_done(browser, village):
    member = make_member(village)
    address, said = leaving(member)
    form = browser.open(address)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        asked = form.send(address, said | {"confirmed": "1"})
        assert asked.status_code == 403
        assert "resigned" not in kept_in(asked)
        page = after_signing_in(browser, asked)
        assert page.context["form"]["reason"].value() == "resigned"
        assert page.context["preview"] is None
        assert not browser.client.get(address).context["form"].is_bound
    assert Membership.objects.get().end is None


def test_a_form_of_the_admin_opens_as_it_was_typed_and_is_not_saved(browser, village):
    member = make_member(village)
    Post.objects.update(end=JOINED)
    address = reverse("admin:members_post_add") + f"?member={member.pk}"
    said = {"member": member.pk, "council": village.pk, "position": "director", "start": "2023-03-03", "_save": "1"}
    form = browser.open(address)
    browser.client.cookies.pop("cunsao_session")
    page = after_signing_in(browser, form.send(address, said))
    assert page.status_code == 200
    assert 'value="2023-03-03"' in page.text
    assert not Post.objects.filter(end=None).exists()
    assert not page.context["errors"]


def test_a_number_that_was_typed_stands_nowhere_readable(browser, village):
    number = make_number()
    form = browser.open(reverse("admit_member"))
    browser.client.cookies.pop("cunsao_session")
    asked = form.send(reverse("admit_member"), {"name": "王小梅", "national_id": number, "village": village.pk})
    assert number not in asked.text
    page = after_signing_in(browser, asked)
    assert page.context["form"]["national_id"].value() == number
    assert not Member.objects.exists()


def test_another_user_who_signs_in_does_not_see_it(browser, village, chair):
    make_account(village.parent, "township_chair", "qian", PASSWORD)
    address, said = leaving(make_member(village))
    form = browser.open(address)
    browser.client.cookies.pop("cunsao_session")
    page = after_signing_in(browser, form.send(address, said), "qian")
    assert not page.context["form"].is_bound
    assert "draft" not in browser.client.session


@pytest.mark.parametrize("name", ["zhao", "qian"])
def test_who_signed_in_anew_in_another_window_is_offered_her_own_typing_alone(browser, village, name):
    make_account(village.parent, "township_chair", "qian", PASSWORD)
    address, said = leaving(make_member(village))
    form = browser.open(address)
    browser.sign_out()
    browser.sign_in(name)
    answer = form.send(address, said | {"confirmed": "1"})
    assert answer.status_code == 403
    assert (address in answer.text) == (name == "zhao")
    assert browser.client.get(address).context["form"].is_bound == (name == "zhao")
    assert Membership.objects.get().end is None


def test_after_a_sign_out_in_another_window_typing_is_kept_too(browser, village):
    address, said = leaving(make_member(village))
    form = browser.open(address)
    browser.sign_out()
    page = after_signing_in(browser, form.send(address, said))
    assert page.context["form"]["reason"].value() == "resigned"


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null"])
def test_what_another_site_sends_is_kept_nowhere(browser, village, origin):
    address, said = leaving(make_member(village))
    form = browser.open(address)
    answer = form.send(address, said, origin=origin)
    assert answer.status_code == 403
    assert "draft" not in browser.client.session
    browser.client.cookies.pop("cunsao_session")
    assert "kept" not in form.send(address, said, origin=origin).text


def test_a_password_and_a_wrong_try_to_sign_in(browser, village):
    address, said = leaving(make_member(village))
    form = browser.open(address)
    browser.client.cookies.pop("cunsao_session")
    asked = form.send(address, said)
    kept = kept_in(asked)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', asked.text)[1]
    wrong = {"username": "zhao", "password": "no", "next": address, "kept": kept, "csrfmiddlewaretoken": token}
    again = browser.client.post("/login/", wrong, headers={"origin": HOST})
    assert kept_in(again) == kept
    form = browser.open("/login/")
    refused = form.send("/first-password/", {"new_password1": "Geheim-2026", "new_password2": "Geheim-2026"})
    assert refused.status_code in (302, 403)
    assert 'name="kept"' not in refused.text


def test_a_draft_is_forgotten_after_a_working_day_and_none_is_made_up(browser, village):
    address, said = leaving(make_member(village))
    form = browser.open(address)
    browser.client.cookies.pop("cunsao_session")
    asked = form.send(address, said)
    with time_machine.travel(timezone.now() + timedelta(hours=9)):
        assert not after_signing_in(browser, asked).context["form"].is_bound
    browser.sign_out()
    forged = browser.open("/login/").send(
        "/login/", {"username": "zhao", "password": PASSWORD, "next": address, "kept": "bm90aGluZw=="}
    )
    assert forged.status_code == 302
    assert not browser.client.get(address).context["form"].is_bound


def test_no_field_of_a_deed_is_left_out():
    names = {name for deed in (*TREE_DEEDS.values(), *MEMBER_DEEDS.values()) for name in deed.base_fields}
    assert len(names) > 10
    assert not [name for name in names if LEFT_OUT.fullmatch(name)]


def test_too_much_to_keep_leads_to_the_plain_sign_in(browser, village):
    address, said = leaving(make_member(village))
    form = browser.open(address)
    browser.client.cookies.pop("cunsao_session")
    assert form.send(address, said | {"long": "长" * 100_000}).status_code == 302
    assert 'name="kept"' not in (page := browser.client.get(f"/login/?next={address}")).text
    assert len(page.context["messages"]) == 1
