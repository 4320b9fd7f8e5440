from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.admin.exporting import Button
from councils.admin.scoped import ScopedAdmin, TownshipFilter
from members.admin.ledger import LedgerAdmin, year_of
from members.models import Claim, InsurancePolicy, InsuredMember


@admin.register(InsurancePolicy)
class InsurancePolicyAdmin(ScopedAdmin):
    """The county's contracts with insurers; who is insured under one is entered from its form."""

    import_kind = "policies"
    list_display = ["number", "insurer", "kind", "start", "end", "sum_insured", "premium", "payer"]
    list_filter = ["kind", "insurer", year_of("start")]
    search_fields = ["number", "insurer"]
    fields = [
        ("insurer", "number"), "kind", ("start", "end"), ("sum_insured", "premium"), "payer", "council", "remark",
    ]  # fmt: skip

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        offered = super().get_field_queryset(db, db_field, request)
        return offered.filter(level="county") if db_field.name == "council" else offered


@admin.register(InsuredMember)
class InsuredMemberAdmin(LedgerAdmin):
    """Who is insured, under which policy and on which days."""

    import_kind = "insured"
    list_display = ["member", "village", "policy", "certificate", "start", "end"]
    list_filter = [TownshipFilter, "policy", "policy__kind", year_of("start")]
    list_select_related = ["member", "village", "policy"]
    search_fields = [*LedgerAdmin.search_fields, "certificate"]
    search_help_text = _("Name, pinyin, initials, or certificate number")
    autocomplete_fields = ["member"]
    fixed = ("member", "policy")
    fields = ["member", "policy", "certificate", ("start", "end"), "remark"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the list shows: Django adds no joins to a queryset that comes with one."""
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Under the policy that runs today, where there is one alone."""
        today = timezone.localdate()
        running = InsurancePolicy.objects.visible_to(request.user).filter(start__lte=today, end__gte=today)[:2]
        known = {"policy": running[0].pk} if len(running) == 1 else {}
        return known | super().get_changeform_initial_data(request)

    def buttons(self, request: HttpRequest) -> list[Button]:
        return [*super().buttons(request), Button(gettext("Who is insured"), reverse("insurance"), "insurance")]


@admin.register(Claim)
class ClaimAdmin(LedgerAdmin):
    """What members ask of the insurer, step by step."""

    import_kind = "claims"
    list_display = ["member", "village", "day", "what", "step", "reported", "decided", "asked", "paid"]
    list_filter = [TownshipFilter, "step", "policy", year_of("day")]
    list_select_related = ["member", "village"]
    search_help_text = _("Name, pinyin or initials")
    autocomplete_fields = ["member"]
    fixed = ("member", "policy")
    fields = [
        "member", "policy", ("day", "reported"), "what", "step", ("filed", "decided"), ("asked", "paid"), "remark",
    ]  # fmt: skip

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"reported": timezone.localdate()} | super().get_changeform_initial_data(request)
