from django.db import migrations

from cunsao.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("councils", "0001_initial")]

    operations = [AppendOnly("Change")]
