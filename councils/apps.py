from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    name = "councils"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        from councils import checks, roles  # noqa: F401, PLC0415 - models are there from here on, checks register

        # After the last app's migrations, when the permissions of all are there.
        post_migrate.connect(roles.bring_in, sender=[each for each in apps.get_app_configs() if each.models_module][-1])
        autodiscover_modules("imports", "counting", "menu")  # each floor's lists, figures and pages announce themselves
