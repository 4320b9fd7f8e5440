from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0021_totals_unchecked"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="hazard", name="hazard_village_day"),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(
                fields=["village", "day", "id", "severity", "closed_on", "due", "handled_on"], name="hazard_of_village"
            ),
        ),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(fields=["desk", "state", "village", "due"], name="hazard_on_desk"),
        ),
    ]
