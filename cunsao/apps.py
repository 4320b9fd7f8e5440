from django.apps import AppConfig
from django.contrib.admin import apps


class CunsaoConfig(AppConfig):
    name = "cunsao"
    default = True
    verbose_name = "村嫂"


class AdminConfig(apps.AdminConfig):
    """Django's admin app with our site."""

    default = False
    default_site = "cunsao.site.Site"
