"""Six roles × what each may do, as one table, brought into Django's groups after each migration."""

from typing import Any, NamedTuple

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

LOOK = {"view_council", "view_formername", "view_zone"}
LISTS = {"view_batch"}
ZONES = {"add_zone", "change_zone"}
RESHAPE = {"add_council", "change_council", "reshape_council"}
GOVERNANCE = {"view_governance", "view_statute"}
GOVERN = GOVERNANCE | {"add_governance", "change_governance", "add_statute"}
GROUP = {"view_leader"}  # the county's leading group
KEEP_GROUP = GROUP | {"add_leader", "change_leader"}
ACCOUNTS = {"view_user", "add_user", "change_user"}

PEOPLE = {"view_member", "view_membership", "view_post", "view_zoneassignment", "view_transfer", "view_mergedrecord"}
KEEP_PEOPLE = PEOPLE | {
    *("add_member", "change_member", "change_membership"),
    *("add_post", "change_post", "add_zoneassignment", "change_zoneassignment"),
}
LEAD_PEOPLE = KEEP_PEOPLE | {"transfer_member", "merge_member", "reveal_number", "see_age"}

MONTH = {
    *("view_monthlyroster", "view_rosterentry", "view_payment", "view_objection", "view_subsidyrate"),
    *("view_performancescheme", "view_excuse"),
}
MONEY = MONTH | {"view_budget", "view_bankfile", "view_returnfile", "view_returnline", "view_banklayout"}
# Who enters does not approve, who approves does not pay: no role has rights of two of these three.
ENTER_MONTH = MONTH | {
    *("open_roster", "submit_roster", "change_rosterentry", "add_performancescheme", "change_performancescheme"),
}
DECIDE_MONTH = MONEY | {
    *("open_roster", "return_roster", "approve_roster", "publish_roster", "correct_roster"),
    *("add_objection", "change_objection", "add_subsidyrate", "change_subsidyrate", "add_budget", "change_budget"),
    *("add_excuse", "change_excuse"),
}
PAY_MONTH = MONEY | {"send_roster", "settle_roster", "add_banklayout", "change_banklayout"}
# The ledgers: who keeps them enters and changes, everybody else with a duty in the register looks.
LEDGERS = (
    *("equipment", "office", "honour", "advancement", "donation"),
    *("insuredmember", "claim", "attendance"),
)
LOOK_AT_LEDGERS = {f"view_{name}" for name in LEDGERS} | {
    *("view_officeitem", "view_honourkind", "view_insurancepolicy", "view_trainingsession", "view_instructor"),
}
KEEP_LEDGERS = LOOK_AT_LEDGERS | {
    *(f"{deed}_{name}" for name in LEDGERS for deed in ("add", "change")),
    *("add_trainingsession", "change_trainingsession"),
}
# What all of the county shares is the county's to enter.
CATALOGUES = {
    f"{deed}_{name}" for name in ("honourkind", "insurancepolicy", "instructor") for deed in ("add", "change")
}
REPORTS = {"view_issuedreport"}
ISSUE_REPORTS = REPORTS | {"issue_report"}
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
        _("county staff"), {"county"},
        councils=LOOK | ZONES | LISTS | RESHAPE | GOVERN | KEEP_GROUP | {"view_user", "view_change"},
        members=LEAD_PEOPLE | DECIDE_MONTH | KEEP_LEDGERS | CATALOGUES,
        reports=ENTER_WORK | JUDGE_WORK | SET_TASKS | ISSUE_REPORTS,
    ),
    "county_finance": _role(
        _("county finance"), {"county"}, councils=LOOK,
        members={"view_member", "reveal_number"} | PAY_MONTH | LOOK_AT_LEDGERS, reports=REPORTS,
    ),
    "township_chair": _role(
        _("township chair"), {"township"}, councils=LOOK | ZONES | LISTS | GOVERN,
        members=LEAD_PEOPLE | ENTER_MONTH | KEEP_LEDGERS, reports=REPORT_WORK | JUDGE_WORK | APPRAISE | ISSUE_REPORTS,
    ),
    "village_president": _role(
        _("village president"), {"village", "community"}, councils=LOOK | ZONES | LISTS | GOVERNANCE,
        members=KEEP_PEOPLE | LOOK_AT_LEDGERS, reports=REPORT_WORK | REPORTS,
    ),
    "auditor": _role(
        _("auditor"), {"county", "township"}, councils=LOOK | LISTS | GOVERNANCE | GROUP | {"view_user", "view_change"},
        members=PEOPLE | MONEY | LOOK_AT_LEDGERS, reports=WORK | REPORTS,
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
