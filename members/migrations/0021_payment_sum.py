from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0020_members_in_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["month", "state", "roster", "county_amount"], name="payment_sum"),
        ),
    ]
