"""Six roles × what each may do, as one table, brought into Django's groups after each migration."""

from typing import Any, NamedTuple

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

LOOK = {"view_council", "view_formername", "view_zone"}
LISTS = {"view_batch"}
ZONES = {"add_zone", "change_zone"}
RESHAPE = {"add_council", "change_council", "reshape_council"}
ACCOUNTS = {"view_user", "add_user", "change_user"}

PEOPLE = {"view_member", "view_membership", "view_post", "view_zoneassignment", "view_transfer", "view_mergedrecord"}
KEEP_PEOPLE = PEOPLE | {
    *("add_member", "change_member", "change_membership"),
    *("add_post", "change_post", "add_zoneassignment", "change_zoneassignment"),
}
LEAD_PEOPLE = KEEP_PEOPLE | {"transfer_member", "merge_member", "reveal_number", "see_age"}

WORK = {
    *("view_activity", "view_photo", "view_hazard", "view_hazardstep", "view_hazardtime", "view_campaign"),
    *("view_campaigntarget", "view_scheme", "view_schemepoint", "view_remark", "view_sample"),
}
DISPUTES = {"view_dispute", "add_dispute", "change_dispute"}
ENTER_WORK = WORK | {"add_activity", "change_activity", "add_photo", "add_hazard", "change_hazard"}
REPORT_WORK = ENTER_WORK | DISPUTES | {"change_campaigntarget"}
JUDGE_WORK = {"verify_activity", "dispatch_hazard", "add_sample"}
APPRAISE = {
    *("add_scheme", "change_scheme", "add_schemepoint", "change_schemepoint", "add_remark", "change_remark"),
}
SET_TASKS = {
    *("add_campaign", "change_campaign", "add_campaigntarget", "change_campaigntarget"),
    *("add_hazardtime", "change_hazardtime"),
}


class Role(NamedTuple):
    label: Any
    levels: frozenset[str]  # of the council it can be given for
    grants: frozenset[str]  # "app.permission"


def _role(label: Any, levels: set[str], **grants: set[str]) -> Role:
    named = {f"{app}.{permission}" for app, permissions in grants.items() for permission in permissions}
    return Role(label, frozenset(levels), frozenset(named))


ROLES = {
    "system_administrator": _role(
        _("system administrator"), {"county"}, councils=LOOK | ZONES | RESHAPE | ACCOUNTS | {"view_change"}
    ),
    "county_staff": _role(
        _("county staff"), {"county"}, councils=LOOK | ZONES | LISTS | RESHAPE | {"view_user", "view_change"},
        members=LEAD_PEOPLE, reports=ENTER_WORK | JUDGE_WORK | SET_TASKS,
    ),
    "county_finance": _role(_("county finance"), {"county"}, councils=LOOK, members={"view_member", "reveal_number"}),
    "township_chair": _role(
        _("township chair"), {"township"}, councils=LOOK | ZONES | LISTS, members=LEAD_PEOPLE,
        reports=REPORT_WORK | JUDGE_WORK | APPRAISE,
    ),
    "village_president": _role(
        _("village president"), {"village", "community"}, councils=LOOK | ZONES | LISTS, members=KEEP_PEOPLE,
        reports=REPORT_WORK,
    ),
    "auditor": _role(
        _("auditor"), {"county", "township"}, councils=LOOK | LISTS | {"view_user", "view_change"},
        members=PEOPLE, reports=WORK,
    ),
}  # fmt: skip


def granted(role: str) -> frozenset[str]:
    """The permissions of a role, "app.permission" each; none for a group that is no role."""
    return ROLES[role].grants if role in ROLES else frozenset()


def bring_in(**_sent: Any) -> None:
    """Makes Django's groups say what the table says: called after each migration, changes nothing the second time."""
    stored = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, role in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        wanted = [stored[grant] for grant in sorted(role.grants) if grant in stored]
        if set(group.permissions.all()) != set(wanted):
            group.permissions.set(wanted)
