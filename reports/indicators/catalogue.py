"""All figures by key. Keys stand in addresses, in reports and in others' forms: never change one."""

from reports.indicators import money, people, work
from reports.indicators.indicator import Indicator

CATALOGUE: dict[str, Indicator] = {
    each.key: each
    for each in (
        *people.STOCK, *people.LEDGERS, *work.WORK, *work.ROLES, *work.KINDS, *work.WAITING, *money.MONEY,
    )
}  # fmt: skip
# The county's table, in its order
CASE_REPORT = (
    "members", "villages_covered", "subsidy_per_member_month", "role_models", "party_activists", "party_members",
    "delegates", "village_cadres", "model_households", "simple_ceremonies", "family_campaigns", "disputes_mediated",
    "hazards_reported", "elderly_visits", "children_visits",
)  # fmt: skip
