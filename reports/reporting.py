"""Reports of a month, a quarter or a year: worked out while they are drafts, and kept word for word once issued."""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Council, Level
from cunsao import printing, workbook
from cunsao.printing import Column, Form
from cunsao.workbook.writing import Value
from reports import indicators, kinds
from reports.models import IssuedReport
from reports.periods import Period
from reports.refusing import WorkRefused, out_of_scope, refuse_without

__all__ = ["WorkRefused", "draft", "forms", "issue", "may_issue", "to_workbook", "versions"]

ISSUE = "reports.issue_report"
SECTIONS = (
    (gettext_lazy("People and net"), (
        "members", "joined", "left", "villages", "villages_covered", "zones", "zones_without_member",
        "members_without_zone", "insured", "trained",
    )),
    *((role.label, tuple(kind.key for kind in kinds.of_role(role))) for role in kinds.Role),
    (gettext_lazy("Hazards and honours"), ("hazards_open", "hazards_overdue", "hazards_closed", "honours")),
)  # fmt: skip
MONEY = ("subsidy_committed", "subsidy_paid")
PLACES = ("members", "activities", "elderly", "child", "dispute", "hazards_open")  # told of each council below


def draft(council: Council, period: Period, by: Any) -> dict[str, Any]:
    """All words and figures of a report as they stand now, as JSON takes them; a fixed number of queries."""
    money = MONEY if by.has_perm("members.view_payment") else ()
    sections = [*SECTIONS, *([(_("Subsidies of the year"), money)] if money else [])]
    keys = [key for _heading, listed in sections for key in listed]
    told = [indicators.values(council, each, keys) for each in (period, period.before(), period.since_january())]
    catalogue = indicators.CATALOGUE
    return {
        "language": translation.get_language(),
        "title": _("Work report of %(place)s, %(period)s") % {"place": council.name, "period": period.label},
        "left": _("Unit: %(place)s") % {"place": council.name},
        "right": _("Made by %(who)s on %(day)s") % {"who": by.get_full_name(), "day": str(timezone.localdate())},
        "columns": [
            _("Subject"), _("Figure"), _("Unit of counting"), period.label, period.before().label, _("since January"),
        ],
        "rows": [
            [
                str(heading), str(catalogue[key].name), str(catalogue[key].unit.label),
                *(_kept(each[key].value) for each in told),
            ]
            for heading, listed in sections
            for key in listed
        ],
        "places": _places(council, period),
        "sealed_by": council.name,
    }  # fmt: skip


def issue(council: Council, period: Period, seen: str, by: Any) -> IssuedReport:
    """Freezes the report as the next version of its period. `seen` is the digest of the draft that was looked at.

    Raises WorkRefused where figures have changed since, where the period is not over or not of a kind, and where the
    council is not hers to report of. The same content twice is one version.
    """
    refuse_without(by, ISSUE)
    if not may_issue(council, by):
        raise out_of_scope()
    if period.kind not in dict(IssuedReport._meta.get_field("kind").flatchoices):
        raise WorkRefused("period", _("A report is of a month, a quarter or a year."))
    if period.last >= timezone.localdate():
        raise WorkRefused(
            "period", _("%(period)s is not over yet. Issue its report afterwards.") % {"period": period.label}
        )
    with transaction.atomic():
        Council.objects.select_for_update().get(pk=council.pk)
        content = draft(council, period, by)
        latest = versions(council, period).first()
        if latest is not None and figures_of(latest.content) == figures_of(content):
            return latest
        if digest(figures_of(content)) != seen:
            raise WorkRefused("changed", _("Figures have changed while you looked. Look at them again, then issue."))
        return IssuedReport.objects.create(
            council=council, kind=period.kind, start=period.first, end=period.last, issued_by=by, content=content,
            version=(versions(council, period).aggregate(last=Max("version"))["last"] or 0) + 1, digest=digest(content),
        )  # fmt: skip


def versions(council: Council, period: Period) -> Any:
    """What was issued of the period, the latest first."""
    return IssuedReport.objects.filter(council=council, kind=period.kind, start=period.first).order_by("-version")


def may_issue(council: Council, by: Any) -> bool:
    """County staff report of every council of theirs, a chair of her own township."""
    if not by.has_perm(ISSUE):
        return False
    of_county = by.council.level == Level.COUNTY and council.code.startswith(by.council.code)
    return of_county or council.pk == by.council_id


def figures_of(content: dict[str, Any]) -> list[Any]:
    """What a report says, without who made it on which day."""
    return [content["rows"], content["places"], content["title"]]


def digest(content: Any) -> str:
    """Of words and figures, whatever order a database keeps them in."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def forms(content: dict[str, Any], foot: Sequence[str] = ()) -> list[Form]:
    """The report laid out for paper, out of its content alone: figures by subject, then the councils below."""
    beneath = {"left": content["left"], "right": content["right"]}
    columns = content["columns"]
    made = [
        Form(
            title=content["title"],
            columns=[
                Column(columns[0], 38), Column(columns[1], 54), Column(columns[2], 18, centred=True),
                *(Column(each, 26, "figure") for each in columns[3:]),
            ],
            rows=list(_said_once(content["rows"])),
            closing=[] if content["places"]["rows"] else foot, signatures=_signatures(content), **beneath,
            sealed_by="" if content["places"]["rows"] else content["sealed_by"],
        )
    ]  # fmt: skip
    if content["places"]["rows"]:
        heads = content["places"]["columns"]
        made.append(
            Form(
                title=content["places"]["title"],
                columns=[Column(heads[0], 40), *(Column(each, 26, "figure", summed=True) for each in heads[1:])],
                rows=[[row[0], *map(_read, row[1:])] for row in content["places"]["rows"]], closing=foot,
                signatures=_signatures(content), sealed_by=content["sealed_by"], **beneath,
            )
        )  # fmt: skip
    return made


def to_workbook(report: IssuedReport) -> bytes:
    """The issued report as .xlsx: the same bytes whoever opens it, whenever, whatever has changed since."""
    stream = io.BytesIO()
    with translation.override(report.content["language"]):
        made = forms(report.content, foot_of(report))
        workbook.write([printing.plan(each, each.title.split()[0]) for each in made], stream)
    return workbook.frozen(stream.getvalue(), report.issued_at)


def foot_of(report: IssuedReport) -> list[str]:
    """What an issued report says of itself, beneath its tables."""
    return [_("Version %(version)d, digest %(digest)s") % {"version": report.version, "digest": report.digest[:16]}]


def _places(council: Council, period: Period) -> dict[str, Any]:
    below = [] if council.is_village else list(Council.objects.filter(parent=council.code).open_on(period.last))
    figures = indicators.below(council, period, PLACES) if below else {}
    return {
        "title": _("%(place)s by council below, %(period)s") % {"place": council.name, "period": period.label},
        "columns": [_("Council"), *(str(indicators.CATALOGUE[key].name) for key in PLACES)],
        "rows": [[str(each), *(_kept(figures[each.pk][key].value) for key in PLACES)] for each in below],
    }


def _said_once(rows: Sequence[Sequence[Any]]) -> Iterator[list[Value]]:
    """The subject stands in its first row alone."""
    before = ""
    for subject, name, unit, *values in rows:
        yield ["" if subject == before else subject, name, unit, *map(_read, values)]
        before = subject


def _signatures(content: dict[str, Any]) -> list[str]:
    with translation.override(content["language"]):
        return [_("Head of the unit:"), _("Checked by:"), _("Filled in by:")]


def _kept(value: Any) -> Any:
    """A value as JSON takes it: yuan as {"yuan": "12.50"}, everything else as it is."""
    return {"yuan": str(value)} if isinstance(value, Decimal) else value


def _read(value: Any) -> Value:
    return Decimal(value["yuan"]) if isinstance(value, dict) else value
