import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from cunsao.personal_data import EncryptedTextField, FingerprintField, Secret, fingerprint, masks, numbers, prepared
from tests.cunsao.personal_data.invented import NEW, OLD, id_number, keys

NUMBER, OTHER = id_number(order=124), id_number(order=126)
PHONE = "13800001234"


@pytest.fixture(autouse=True)
def _keys():
    with keys():
        yield


@pytest.fixture
def person():
    with isolate_apps():

        class Person(models.Model):  # noqa: DJ008
            national_id = EncryptedTextField(mask=masks.masked_id, reading=numbers.national_id)
            national_id_print = FingerprintField(of="national_id", unique=True)
            phone = EncryptedTextField(null=True, blank=True, mask=masks.masked_phone, reading=numbers.phone)
            phone_print = FingerprintField(of="phone", null=True)

            class Meta:
                app_label = "cunsao"

        yield Person


@pytest.fixture
def people(person, db):
    """The class with a table, made in the test's own transaction, which the schema editor of SQLite refuses to do."""
    fields = person._meta.local_fields[1:]
    columns = [f"{field.column} {field.db_type(connection)} {'UNIQUE' * field.unique}" for field in fields]
    key = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {person._meta.db_table} (id {key} PRIMARY KEY, {', '.join(columns)})")
    return person


def raw(people):
    """What stands in the only row, without its key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {people._meta.db_table}")
        (row,) = cursor.fetchall()
    return [cell and bytes(cell) for cell in row[1:]]


def form_of(person):
    return forms.modelform_factory(person, fields=["national_id", "phone"])


def test_an_assigned_text_becomes_a_secret_at_once(person):
    she = person(national_id=NUMBER)
    she.phone = f" {PHONE} "
    assert isinstance(she.national_id, Secret)
    assert (str(she.phone), she.phone.clear) == ("138****1234", PHONE)
    assert NUMBER not in str(vars(she))


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_an_empty_text_is_none(person, nothing):
    assert person(phone=nothing).phone is None


def test_a_secret_of_another_column_takes_this_columns_mask(person):
    assert str(person(phone=Secret(PHONE)).phone) == "138****1234"


def test_a_mask_is_never_taken_for_a_number(person):
    with pytest.raises(ValidationError):
        person(phone="138****1234")


@pytest.mark.parametrize("value", [int(PHONE), b"1", models.F("national_id")])
def test_nothing_but_a_text_is_taken(person, value):
    with pytest.raises(TypeError, match="phone takes a text"):
        person(phone=value)


def test_stored_values_come_back_and_stand_sealed_in_the_table(people):
    people.objects.create(national_id=NUMBER, phone=PHONE)
    she = people.objects.get()
    assert (she.national_id, she.phone) == (NUMBER, PHONE)
    assert people.objects.values_list("phone", flat=True).get() == PHONE
    stored = b"".join(raw(people))
    assert NUMBER.encode() not in stored
    assert PHONE.encode() not in stored


def test_a_deferred_number_is_read_when_asked_for(people):
    people.objects.create(national_id=NUMBER)
    she = people.objects.defer("national_id").get()
    assert she.national_id == NUMBER
    she.refresh_from_db()
    assert she.national_id == NUMBER


def test_a_number_is_found_by_its_fingerprint(people):
    people.objects.create(national_id=NUMBER, phone=PHONE)
    people.objects.create(national_id=OTHER)
    assert people.objects.get(national_id_print=fingerprint(NUMBER, "national_id")).phone == PHONE
    assert people.objects.filter(phone_print__in=[fingerprint(PHONE, "phone")]).count() == 1
    assert people.objects.filter(phone_print=None).get().national_id == OTHER


def test_the_fingerprint_follows_its_source(people):
    she = people.objects.create(national_id=NUMBER, phone=PHONE)
    she.phone = None
    she.national_id = OTHER
    she.save()
    stored = people.objects.get()
    assert stored.national_id_print == fingerprint(OTHER, "national_id")
    assert stored.phone_print is None


def test_no_number_stands_twice(people):
    people.objects.create(national_id=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        people.objects.bulk_create([people(national_id=NUMBER)])
    with pytest.raises(ValidationError) as refused:
        people(national_id=NUMBER).full_clean()
    assert "national_id_print" in refused.value.error_dict


def test_saving_again_seals_anew_only_for_a_newer_key(people):
    with keys(OLD):
        people.objects.create(national_id=NUMBER)
        first = raw(people)[0]
        people.objects.get().save()
        assert raw(people)[0] == first
    people.objects.get().save()
    with keys(NEW):  # the old key is gone
        assert people.objects.get().national_id == NUMBER


@pytest.mark.parametrize(
    "lookup",
    [
        "",
        "__exact",
        "__in",
        "__contains",
        "__startswith",
        "__iexact",
        "__regex",
        "__gt",
        "__range",
        "__length",
        "__year__gt",
    ],
)
def test_an_encrypted_column_is_never_searched(person, lookup):
    with pytest.raises(FieldError) as refused:
        person.objects.filter(**{f"national_id{lookup}": [NUMBER]})
    assert NUMBER not in str(refused.value)


def test_only_whether_there_is_a_number_may_be_asked(people):
    people.objects.create(national_id=NUMBER)
    assert people.objects.filter(phone__isnull=True).count() == 1


@pytest.mark.parametrize("lookup", ["__gt", "__contains", "__startswith"])
def test_a_fingerprint_is_found_whole_or_not_at_all(person, lookup):
    with pytest.raises(FieldError):
        person.objects.filter(**{f"phone_print{lookup}": fingerprint(PHONE, "phone")})


def test_a_fingerprint_column_is_not_asked_for_a_number(person):
    with pytest.raises(TypeError, match="fingerprint") as refused:
        str(person.objects.filter(phone_print=PHONE).query)
    assert PHONE not in str(refused.value)


@pytest.mark.parametrize("form", ["json", "python", "xml"])
def test_serialised_rows_are_masked_even_before_they_were_saved(person, form):
    written = str(serializers.serialize(form, [person(national_id=NUMBER, phone=PHONE)]))
    assert NUMBER not in written
    assert PHONE not in written


def test_migrations_know_the_column_and_nothing_of_masks(person):
    for field in person._meta.local_fields[1:]:
        _name, path, args, kwargs = field.deconstruct()
        assert path == f"cunsao.personal_data.fields.{type(field).__name__}"
        assert not {"mask", "reading", "editable", "purpose", "context"} & kwargs.keys()
        again = type(field)(*args, **kwargs)
        assert again.deconstruct()[1:] == (path, args, kwargs)
        MigrationWriter.serialize(field)
    assert EncryptedTextField(context="members.member.phone").deconstruct()[3] == {"context": "members.member.phone"}
    assert FingerprintField(of="phone", purpose="tel").deconstruct()[3] == {"of": "phone", "purpose": "tel"}
    assert EncryptedTextField(editable=False).deconstruct()[3] == {"editable": False}


def test_a_renamed_column_opens_under_its_old_context(person):
    sealed = person._meta.get_field("phone").get_prep_value(PHONE)
    renamed = EncryptedTextField(context="cunsao.person.phone")
    renamed.set_attributes_from_name("mobile")
    renamed.contribute_to_class(person, "mobile")
    assert renamed.from_db_value(sealed, None, None) == PHONE


@isolate_apps()
def test_a_sealed_column_cannot_be_unique():
    class Card(models.Model):  # noqa: DJ008
        number = EncryptedTextField(unique=True)

        class Meta:
            app_label = "cunsao"

    assert [found.id for found in Card._meta.get_field("number").check()] == ["personal_data.E001"]


def test_prepared_columns_are_what_save_would_write(people):
    sealed, prints = people._meta.get_field("phone"), people._meta.get_field("phone_print")
    she = people.objects.create(national_id=NUMBER, phone=PHONE)
    values = [PHONE, None, "", Secret(PHONE), people.objects.get().phone]
    column = prepared(sealed, values)
    assert [sealed.from_db_value(value, None, None) for value in column] == [PHONE, None, None, PHONE, PHONE]
    assert prepared(prints, values) == [she.phone_print, None, None, she.phone_print, she.phone_print]


def test_prepared_secrets_of_an_old_key_get_the_newest(people):
    with keys(OLD):
        people.objects.create(national_id=NUMBER)
    (value,) = prepared(people._meta.get_field("national_id"), [people.objects.get().national_id])
    assert value.startswith(b"\x01\x01\x042026")


# Forms


def test_a_form_shows_the_mask_and_never_the_number(people):
    page = form_of(people)(instance=people.objects.create(national_id=NUMBER, phone=PHONE)).as_p()
    assert 'value="138****1234"' in page
    assert NUMBER not in page
    assert PHONE not in page
    assert 'autocomplete="off"' in page


def test_a_form_normalises_and_checks_what_was_typed(people):
    form = form_of(people)({"national_id": NUMBER[:-1], "phone": "+86 138 0000 1234"})
    assert form.errors.as_data()["national_id"][0].code == "invalid_id"
    assert form.cleaned_data["phone"] == PHONE
    assert NUMBER[:-1] in form.as_p()  # what she typed is still there


def test_a_mask_sent_back_keeps_the_number(people):
    she = people.objects.create(national_id=NUMBER, phone=PHONE)
    form = form_of(people)({"national_id": str(she.national_id), "phone": str(she.phone)}, instance=she)
    assert not form.has_changed()
    assert form.is_valid()
    form.save()
    assert (people.objects.get().national_id, people.objects.get().phone) == (NUMBER, PHONE)


def test_an_empty_field_removes_the_number_where_it_may_be_missing(people):
    she = people.objects.create(national_id=NUMBER, phone=PHONE)
    form = form_of(people)({"national_id": "", "phone": ""}, instance=she)
    assert form.changed_data == ["national_id", "phone"]
    assert list(form.errors) == ["national_id"]
    form = form_of(people)({"national_id": OTHER, "phone": ""}, instance=people.objects.get())
    form.save()
    assert (people.objects.get().national_id, people.objects.get().phone) == (OTHER, None)


@pytest.mark.parametrize("sent", ["139****1234", "138****12345", "***"])
def test_a_mask_that_was_edited_is_refused(people, sent):
    she = people.objects.create(national_id=NUMBER, phone=PHONE)
    form = form_of(people)({"national_id": NUMBER, "phone": sent}, instance=she)
    assert form.errors.as_data()["phone"][0].code == "masked"


def test_a_model_cleaned_by_itself_is_normalised(people):
    she = people(national_id=NUMBER.replace("1980", "１９８０"), phone="138-0000-1234")
    she.full_clean()
    assert (she.national_id, she.phone) == (NUMBER, PHONE)
    she.phone = "1"
    with pytest.raises(ValidationError) as refused:
        she.full_clean()
    assert refused.value.error_dict["phone"][0].code == "invalid_phone"


def test_a_stored_number_is_not_held_against_later_rules(people):
    people.objects.create(national_id="1" * 18)
    people.objects.get().full_clean()
