"""The forms of an appraisal: a new version of the scheme, points by remark, a remark withdrawn."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.deeds import Preview, Refused, day_field
from councils.models import Council
from cunsao import months
from members.deeds import place_of
from reports import appraisal, kinds
from reports.models import Scheme, SchemePoint
from reports.views.work_deeds import WorkDeedForm, words

AHEAD = 3  # months after this one that a scheme may begin in
PARTS = (_("Points"), _("for each"), _("most a month"))


class PointsWidget(forms.MultiWidget):
    """Three numbers in a line: points, for each so many, most a month."""

    def __init__(self) -> None:
        numbers = [
            forms.NumberInput(attrs={"placeholder": label, "aria-label": label, "step": step, "min": 0})
            for label, step in zip(PARTS, ("0.01", "1", "0.01"), strict=True)
        ]
        super().__init__(numbers)

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, None, None]


class HiddenPoints(PointsWidget):
    def __init__(self) -> None:
        forms.MultiWidget.__init__(self, [forms.HiddenInput() for _part in PARTS])


class PointsField(forms.MultiValueField):
    """(points, for each, most a month) of one kind; None where it gives no points."""

    widget = PointsWidget
    hidden_widget = HiddenPoints

    def __init__(self, **options: Any) -> None:
        points = forms.DecimalField(max_digits=6, decimal_places=2, min_value=Decimal("0.01"))
        each = forms.IntegerField(min_value=1, max_value=99_999)
        most = forms.DecimalField(max_digits=7, decimal_places=2, min_value=Decimal("0.01"))
        super().__init__((points, each, most), require_all_fields=False, required=False, **options)

    def compress(self, values: list[Any]) -> tuple[Decimal, int, Decimal | None] | None:
        if not values or values[0] is None:
            if any(values[1:]):
                raise ValidationError(gettext("Say how many points, or leave the line empty."))
            return None
        return values[0], values[1] or 1, values[2]


class IntroduceForm(WorkDeedForm):
    """A scheme of the township that is the subject, from a month on; it begins with what is in force."""

    title = _("Introduce a scheme")
    explained = _("It holds from its first month until the next one begins. Past months keep the scheme they had.")
    permission = "reports.add_scheme"
    looks_first = True
    button = _("Introduce it")
    start = forms.ChoiceField(label=_("From month"))
    name = forms.CharField(label=_("Name"), max_length=60)
    text = forms.CharField(label=_("In words"), max_length=2000, widget=words(), required=False)
    shared = forms.BooleanField(
        label=_("Shared among them"), required=False, help_text=_("What several did together is divided among them.")
    )
    yuan_a_point = forms.DecimalField(
        label=_("Yuan a point"), max_digits=8, decimal_places=2, min_value=0, initial=Decimal(0),
        help_text=_("For the month's proposal; 0 where points give no money."),
    )  # fmt: skip
    most_yuan = forms.DecimalField(
        label=_("Most yuan a month"), max_digits=8, decimal_places=2, min_value=0, initial=Decimal(0)
    )

    def prepare(self) -> None:
        this = months.first(timezone.localdate())
        listed = [this]
        for _month in range(AHEAD):
            listed.append(months.next_month(listed[-1]))
        self.offer("start", [(f"{month:%Y-%m}", months.label(month)) for month in listed])
        before = appraisal.scheme_of(self.subject, listed[-1])
        rules = {each.kind: each for each in before.points.all()} if before else {}
        for name in ("name", "text", "shared", "yuan_a_point", "most_yuan") if before else ():
            self.fields[name].initial = getattr(before, name)
        for kind in kinds.KINDS.values():
            rule = rules.get(kind.key)
            self.fields[f"kind-{kind.key}"] = PointsField(
                label=kind.label, initial=(rule.points, rule.each, rule.cap) if rule else None,
                help_text=kind.unit.label,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and not self._points():
            raise ValidationError(gettext("Give points for at least one kind of work."))
        if said.get("yuan_a_point") and not said.get("most_yuan"):
            self.add_error("most_yuan", gettext("Say how many yuan a month are the most."))
        return said

    def look(self) -> Preview:
        said = self.cleaned_data
        lines = [gettext("From %(month)s on: %(name)s") % {
            "month": months.label(months.read(said["start"])), "name": said["name"],
        }]  # fmt: skip
        for each in self._points():
            words = {"kind": each.get_kind_display(), "points": each.points, "each": each.each}
            line = gettext("%(kind)s: %(points)s points for each %(each)d") % words
            lines.append(line + (gettext(", at most %(cap)s a month") % {"cap": each.cap} if each.cap else ""))
        return Preview(lines)

    def do(self) -> str:
        said = self.cleaned_data
        scheme = Scheme(
            township=self.subject, start=months.read(said["start"]), name=said["name"], text=said["text"],
            shared=said["shared"], yuan_a_point=said["yuan_a_point"], most_yuan=said["most_yuan"],
        )  # fmt: skip
        self.carry_out(appraisal.introduce, scheme, self._points(), self.user)
        return gettext("“%(name)s” was introduced.") % {"name": scheme.name}

    def home(self) -> str:
        return reverse("schemes", args=[self.subject.code])

    def place(self) -> Council:
        township: Council = self.subject
        return township

    def _points(self) -> list[SchemePoint]:
        said = {kind: self.cleaned_data.get(f"kind-{kind}") for kind in kinds.KINDS}
        return [
            SchemePoint(kind=kind, points=rule[0], each=rule[1], cap=rule[2]) for kind, rule in said.items() if rule
        ]


class RemarkForm(WorkDeedForm):
    """Points for the member who is the subject."""

    title = _("Points by remark")
    explained = _("For what no record tells. The reason is read by all who see the ranking.")
    permission = "reports.add_remark"
    day = day_field(_("Day"))
    points = forms.DecimalField(
        label=_("Points"), max_digits=6, decimal_places=2, help_text=_("With a minus to take away.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=words(2))

    def do(self) -> str:
        said = self.cleaned_data
        if not said["points"]:
            raise Refused(gettext("0 points say nothing."), "points")
        self.carry_out(appraisal.remark, self.subject, said["day"], said["points"], said["reason"], self.user)
        return gettext("The remark was entered.")

    def home(self) -> str:
        return reverse("rankings")

    def place(self) -> Council | None:
        return place_of(self.subject)


class WithdrawForm(WorkDeedForm):
    title = _("Withdraw the remark")
    permission = "reports.add_remark"
    looks_first = True
    button = _("Withdraw it")

    def look(self) -> Preview:
        words = {"points": self.subject.points, "name": self.subject.member, "reason": self.subject.reason}
        return Preview([gettext("%(points)s points of %(name)s count no longer: %(reason)s") % words])

    def do(self) -> str:
        self.carry_out(appraisal.withdraw, self.subject, self.user)
        return gettext("The remark counts no longer.")

    def home(self) -> str:
        made = self.subject
        return reverse("points", args=[made.village.parent_id, f"{made.day:%Y-%m}", made.member_id])

    def place(self) -> Council:
        village: Council = self.subject.village
        return village
