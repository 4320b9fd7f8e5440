from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_monthly_totals")]

    operations = [
        migrations.RemoveIndex(model_name="activity", name="activity_county_kind"),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                fields=["county", "kind", "day", "id", "village", "township", "state", "quantity"],
                name="activity_county_kind",
            ),
        ),
    ]
