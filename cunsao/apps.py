from django.apps import AppConfig
from django.contrib.admin import apps


class CunsaoConfig(AppConfig):
    name = "cunsao"
    verbose_name = "村嫂"


class AdminConfig(apps.AdminConfig):
    default_site = "cunsao.site.Site"
