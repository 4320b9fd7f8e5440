import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0020_entries_without_keys_looked_up"),
        ("reports", "0020_issued_report"),
    ]

    operations = [
        migrations.AlterField(
            model_name="monthlytotal",
            name="county",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="councils.council",
                verbose_name="county",
            ),
        ),
        migrations.AlterField(
            model_name="monthlytotal",
            name="township",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="councils.council",
                verbose_name="township",
            ),
        ),
        migrations.AlterField(
            model_name="monthlytotal",
            name="village",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="councils.council",
                verbose_name="village",
            ),
        ),
    ]
