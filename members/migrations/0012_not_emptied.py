from django.db import migrations

from cunsao.triggers import NotEmptied

KEPT = ("MonthlyRoster", "RosterEntry", "Payment", "BankFile", "ReturnFile", "ReturnLine")


class Migration(migrations.Migration):
    dependencies = [("members", "0011_ledgers_of_advancement_and_donations")]

    operations = [NotEmptied(each) for each in KEPT]
