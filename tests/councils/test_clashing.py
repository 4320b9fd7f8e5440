"""What only the database refuses is told in our own words; tests/races holds those who do it at once."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from councils.clashing import in_words
from councils.models import Zone
from members.models import Member, Post
from tests.factories import JOINED, OPENED, make_account, make_member, make_township, make_zone, villages_of


def broken(write):
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        write()
    return in_words(fault.value)


@pytest.mark.django_db
def test_every_refusal_of_the_database_has_our_own_words():
    (village,) = villages_of(make_township(villages=1))
    make_member(village, position="president")
    other, zone = make_member(village), make_zone(village)
    post = {"council": village, "position": "president", "start": JOINED}
    words = {each.name: str(each.violation_error_message) for each in Post._meta.constraints}
    assert broken(lambda: Post.objects.create(member=other, **post | {"position": "member"})) == words["one_open_post"]
    Post.objects.filter(member=other).update(end=JOINED)
    assert broken(lambda: Post.objects.create(member=other, **post)) == words["one_president_a_council"]
    ended = post | {"position": "member", "end": OPENED}
    assert broken(lambda: Post.objects.create(member=other, **ended)) == words["post_ends_after_start"]
    told = broken(lambda: Member.objects.filter(pk=other.pk).update(name=None))
    assert told.startswith(("Somebody else", "刚才"))
    again = {"number": zone.number, "name": "别名", "village": village}
    assert "UNIQUE" not in broken(lambda: Zone.objects.create(**again))


@pytest.mark.django_db
def test_of_a_number_that_is_there_already_nothing_is_told_but_our_sentence():
    (village,) = villages_of(make_township(villages=1))
    first, second = make_member(village), make_member(village, name="李桂兰")
    second.national_id = first.national_id.clear
    told = broken(second.save)
    assert told == str(Member._meta.get_field("national_id_print").error_messages["unique"])


@pytest.mark.django_db
def test_what_only_the_table_refuses_is_told_on_the_form(client, monkeypatch):
    (village,) = villages_of(make_township(villages=1))
    member = make_member(village)
    client.force_login(make_account(village.parent))
    monkeypatch.setattr(Post, "validate_constraints", lambda *_given, **_named: None)
    said = {"member": member.pk, "council": village.pk, "position": "director", "start": "2023-01-01"}
    page = client.post(reverse("admin:members_post_add"), said)
    assert page.status_code == 200
    one = next(each for each in Post._meta.constraints if each.name == "one_open_post")
    assert page.context["adminform"].form.non_field_errors() == [str(one.violation_error_message)]
    assert page.context["adminform"].form["start"].value() == "2023-01-01"
