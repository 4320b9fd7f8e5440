import io
import re
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from councils.models import Change, User
from tests.factories import make_account, make_chair, make_county, make_staff, make_township, make_village

pytestmark = pytest.mark.django_db
PASSWORD = "Bar-user-2026!"
LOGIN = "/login/"


@pytest.fixture
def chair():
    return make_account(make_township(villages=1), "township_chair", "zhao", PASSWORD)


def sign_in(client, name, password=PASSWORD):
    return client.post(LOGIN, {"username": name, "password": password, "next": "/tree/"})


def error_of(page):
    return re.sub(r"\s+", " ", page.content.decode().partition('role="alert">')[2].partition("</p>")[0])


def test_a_right_name_and_password_lead_in_and_are_entered(client, chair):
    assert sign_in(client, "zhao").headers["Location"] == "/tree/"
    assert Change.objects.filter(action="signed_in", record_id=chair.pk, actor=chair, address="127.0.0.1").exists()


def test_after_five_wrong_tries_the_right_password_is_refused_for_fifteen_minutes(client, chair):
    for _try in range(5):
        sign_in(client, "zhao", "wrong")
    assert sign_in(client, "zhao").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert sign_in(client, "zhao").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, "zhao").status_code == 302
    assert Change.objects.filter(action="sign_in_refused", record_id=chair.pk).count() >= 5


def test_a_lock_on_one_name_leaves_the_office_next_door_alone(client, chair):
    make_account(chair.council, "township_chair", "qian", PASSWORD)
    for _try in range(6):
        sign_in(client, "zhao", "wrong")
    assert sign_in(client, "qian").status_code == 302


def test_a_wrong_name_a_wrong_password_a_locked_and_a_closed_account_get_one_answer(client, chair):
    closed = make_account(chair.council, "township_chair", "closed", PASSWORD)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    answers = [
        sign_in(client, "nobody"),
        sign_in(client, "closed"),
        *(sign_in(client, "zhao", "no") for _try in range(6)),
    ]
    answers.append(sign_in(client, "zhao"))
    assert {page.status_code for page in answers} == {200}
    assert len({error_of(page) for page in answers}) == 1
    assert "15" in error_of(answers[0])


def test_what_was_typed_as_a_name_is_kept_nowhere_readable(client, chair):
    sign_in(client, "my-secret-password", "x")
    assert not Change.objects.filter(record_name__contains="my-secret").exists()
    assert not AccessAttempt.objects.filter(post_data__contains="my-secret").exists()


def test_a_session_ends_after_idle_minutes_and_not_before(client, chair, settings):
    settings.IDLE_TIME = timedelta(minutes=15)
    now = timezone.now()
    with time_machine.travel(now):
        client.force_login(chair)
        client.get("/tree/")
    with time_machine.travel(now + timedelta(minutes=14)):
        assert client.get("/tree/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=28)):
        assert client.get("/tree/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=44)):
        answer = client.get("/tree/", follow=True)
    assert answer.redirect_chain
    assert "自动退出" in answer.content.decode()


def test_a_session_ends_after_eight_hours_however_busy(client, chair):
    now = timezone.now()
    client.force_login(chair)
    for minutes in range(0, 480, 10):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert client.get("/tree/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=481)):
        assert client.get("/tree/").status_code == 302


def test_a_click_within_the_minute_writes_no_session(client, chair, django_assert_max_num_queries):
    client.force_login(chair)
    client.get("/tree/")
    with django_assert_max_num_queries(8) as queries:
        client.get("/tree/")
    assert not [each for each in queries if each["sql"].startswith(("UPDATE", "INSERT"))]


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"role_id": None}, {"password": "x"}, {"council_id": None}],
    ids=lambda each: next(iter(each)),
)
def test_a_change_of_role_council_password_or_right_ends_open_sessions(client, chair, change):
    client.force_login(chair)
    name, value = next(iter(change.items()))
    if name == "role_id":
        value = make_account(make_village(chair.council), "village_president").role_id
    if name == "council_id":
        value = make_township().pk
    User.objects.filter(pk=chair.pk).update(**{name: value})
    assert client.get("/tree/").status_code == 302


def test_a_first_password_is_changed_before_anything_else(client, chair):
    User.objects.filter(pk=chair.pk).update(must_change_password=True)
    chair.refresh_from_db()
    client.force_login(chair)
    page = client.get("/tree/")
    assert page.headers["Location"] == reverse("first_password")
    for given, leads in ((PASSWORD, 200), ("short", 200), ("Mine-alone-2026", 302)):
        page = client.post(reverse("first_password"), {"new_password1": given, "new_password2": given})
        assert page.status_code == leads
    assert client.get("/tree/").status_code == 200


def test_the_system_administrator_opens_an_account_and_is_told_its_password_once(client):
    county = make_county()
    township = make_township(county)
    admin = make_staff(county, "system_administrator")
    client.force_login(admin)
    role = make_chair(township).role_id
    page = client.post(
        "/councils/user/add/",
        {"username": "sun", "full_name": "孙", "council": township.pk, "role": role, "is_active": "on"},
    )
    password = re.search(r"<code>(\w{4}-\w{4}-\w{4})</code>", page.content.decode())[1]
    account = User.objects.get(username="sun")
    assert account.check_password(password)
    assert account.must_change_password
    page = client.post(f"/councils/user/{account.pk}/new-password/")
    assert password not in page.content.decode()
    account.refresh_from_db()
    assert not account.check_password(password)


def test_an_account_for_the_wrong_level_or_outside_is_refused_in_the_form(client):
    county = make_county()
    township, elsewhere = make_township(county), make_township(make_county())
    client.force_login(make_staff(county, "system_administrator"))
    president = make_account(make_village(township), "village_president").role_id
    chair = make_chair(township).role_id
    for place, role in ((township, president), (elsewhere, chair)):
        page = client.post(
            "/councils/user/add/",
            {"username": "li", "full_name": "李", "council": place.pk, "role": role, "is_active": "on"},
        )
        assert page.status_code == 200
        assert not User.objects.filter(username="li").exists()


def test_nobody_changes_her_own_role(client):
    county = make_county()
    admin = make_staff(county, "system_administrator")
    client.force_login(admin)
    staff = make_staff(county)
    page = client.post(
        f"/councils/user/{admin.pk}/change/",
        {"username": admin.username, "full_name": "x", "council": county.pk, "role": staff.role_id, "is_active": "on"},
    )
    admin.refresh_from_db()
    assert page.status_code == 403
    assert admin.has_role("system_administrator")


def test_the_command_opens_an_account_with_a_given_password(client):
    township = make_township()
    call_command(
        "create_account", "bar", "--council", township.code, "--role", "township_chair", "--password", PASSWORD,
        stdout=io.StringIO(),
    )  # fmt: skip
    assert sign_in(client, "bar").status_code == 302
    assert client.get("/tree/").status_code == 200


@pytest.mark.parametrize(
    ("council", "role", "password"),
    [
        ("999999", "township_chair", PASSWORD),
        ("", "county_staff", PASSWORD),
        ("", "township_chair", "short"),
    ],
)
def test_the_command_refuses_in_one_sentence(council, role, password):
    township = make_township()
    with pytest.raises(CommandError):
        call_command(
            "create_account", "bar", "--council", council or township.code, "--role", role, "--password", password
        )
    assert not User.objects.exists()


def test_the_first_account_opens_an_empty_county():
    out = io.StringIO()
    call_command("first_account", stdout=out)
    account = User.objects.get()
    assert account.has_role("system_administrator")
    assert account.must_change_password
    password = re.search(r"\w{4}-\w{4}-\w{4}", out.getvalue())[0]
    assert account.check_password(password)
    call_command("first_account", "--if-none")
    with pytest.raises(CommandError):
        call_command("first_account")
