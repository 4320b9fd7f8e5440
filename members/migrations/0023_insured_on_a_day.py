from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0022_payment_sum_by_roster"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="insuredmember",
            index=models.Index(fields=["policy", "end", "start", "member"], name="insured_on_a_day"),
        ),
    ]
