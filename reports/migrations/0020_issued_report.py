import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from cunsao.triggers import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('councils', '0005_governance'),
        ('reports', '0015_wide_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IssuedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('month', 'monthly report'), ('quarter', 'quarterly report'), ('year', 'yearly report')], max_length=8, verbose_name='kind of report')),
                ('start', models.DateField(verbose_name='from')),
                ('end', models.DateField(verbose_name='until')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('content', models.JSONField(verbose_name='content')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256 of the content')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='issued at')),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='councils.council', verbose_name='council')),
                ('issued_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
            ],
            options={
                'verbose_name': 'issued report',
                'verbose_name_plural': 'issued reports',
                'ordering': ['-start', 'council__code', 'kind', '-version'],
                'permissions': [('issue_report', 'Can issue reports')],
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('council', 'kind', 'start', 'version'), name='one_report_a_version', violation_error_message='Somebody issued this report at the same moment. Look at hers.'), models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='report_period_in_order', violation_error_message='A period cannot end before it begins.')],
            },
        ),
        AppendOnly("IssuedReport"),
    ]
