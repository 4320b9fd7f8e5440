"""The honours that the county gives, to begin with; it adds to them on the screen."""

from django.db import migrations

KINDS = {
    "personal": ["三八红旗手", "巾帼建功标兵", "优秀村嫂"],
    "role_model": ["好婆婆", "好媳妇", "好妯娌", "好邻里"],
    "household": ["最美家庭", "五好家庭", "文明家庭", "美丽庭院", "清洁文明户"],
}


def enter(apps, schema_editor):
    model = apps.get_model("members", "HonourKind")
    for group, names in KINDS.items():
        for name in names:
            model.objects.get_or_create(name=name, defaults={"group": group})


class Migration(migrations.Migration):
    dependencies = [("members", "0007_ledgers_of_equipment_and_honours")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
