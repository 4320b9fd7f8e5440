from django.contrib import admin
from django.contrib.auth.models import Group

from councils.admin import batch, change, council, governance, user, zone

admin.site.unregister(Group)  # what a role may do stands in councils/roles.py, not on a screen

__all__ = ["batch", "change", "council", "governance", "user", "zone"]
