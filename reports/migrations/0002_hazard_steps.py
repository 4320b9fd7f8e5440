from django.db import migrations

from cunsao.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_work")]

    operations = [AppendOnly("HazardStep")]
