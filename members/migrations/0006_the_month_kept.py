from django.db import migrations

from cunsao.triggers import AppendOnly
from members.migrations._kept import KEPT


class Migration(migrations.Migration):
    dependencies = [("members", "0005_the_month")]

    operations = [*KEPT, AppendOnly("BankFile"), AppendOnly("ReturnFile"), AppendOnly("ReturnLine")]
