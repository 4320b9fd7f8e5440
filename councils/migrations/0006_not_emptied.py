from django.db import migrations

from cunsao.triggers import NotEmptied


class Migration(migrations.Migration):
    dependencies = [("councils", "0005_governance")]

    operations = [NotEmptied("Change")]
