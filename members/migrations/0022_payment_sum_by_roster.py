from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0021_payment_sum"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="payment", name="payment_sum"),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["roster", "state", "month", "county_amount"], name="payment_sum"),
        ),
    ]
