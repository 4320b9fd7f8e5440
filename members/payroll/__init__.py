"""The month, from opening to the last payment: `from members import payroll`, then payroll.submit(…).

Every deed is one transaction, may be sent twice, writes the trail, and raises PayrollRefused (StepRefused,
EntryRefused, Overtaken) with a code and a sentence. `by` is an account; the database holds what no account may do.
"""

from members.payroll import budget, deadlines
from members.payroll.bank import layout, rows, write
from members.payroll.checking import Finding, checks, count_activity
from members.payroll.copies import digest, shown
from members.payroll.corrections import correct, pay_forgotten, take_out
from members.payroll.entering import enter, enter_many
from members.payroll.objections import answer, object_to
from members.payroll.opening import follow, open_month, open_months, refresh, unopened
from members.payroll.proposing import Proposed, accept_proposal, propose_performance, proposed
from members.payroll.refusals import EntryRefused, Overtaken, PayrollRefused, StepRefused
from members.payroll.rights import may, why_locked, why_not
from members.payroll.sending import resend, send
from members.payroll.settling import note_returned, read_return, settle
from members.payroll.steps import approve, give_back, publish, submit
from members.payroll.turnover import Gone, Since, since_last

__all__ = [
    "EntryRefused",
    "Finding",
    "Gone",
    "Overtaken",
    "PayrollRefused",
    "Proposed",
    "Since",
    "StepRefused",
    "accept_proposal",
    "answer",
    "approve",
    "budget",
    "checks",
    "correct",
    "count_activity",
    "deadlines",
    "digest",
    "enter",
    "enter_many",
    "follow",
    "give_back",
    "layout",
    "may",
    "note_returned",
    "object_to",
    "open_month",
    "open_months",
    "pay_forgotten",
    "propose_performance",
    "proposed",
    "publish",
    "read_return",
    "refresh",
    "resend",
    "rows",
    "send",
    "settle",
    "shown",
    "since_last",
    "submit",
    "take_out",
    "unopened",
    "why_locked",
    "why_not",
    "write",
]
