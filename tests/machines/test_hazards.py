"""Whatever steps are tried by whomever, a hazard stays in its loop and its steps tell its way."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reports.hazards import STEPS, WorkRefused, report, steps_for, take
from reports.models import Hazard, HazardStep
from tests.factories import make_account, make_chair, make_found, make_staff, make_village

USERS = ("president", "chair", "chair2", "staff", "auditor", "stranger")


class Loop(RuleBasedStateMachine):
    @initialize()
    def found(self):
        self.village = make_village()
        township = self.village.parent
        self.users = {
            "president": make_account(self.village),
            "chair": make_chair(township),
            "chair2": make_chair(township),
            "staff": make_staff(township.parent),
            "auditor": make_staff(township.parent, "auditor"),
            "stranger": make_account(make_village(township)),
        }
        self.hazard = report(make_found(self.village), self.users["president"])
        self.taken = ["report"]

    @rule(deed=st.sampled_from(sorted(STEPS)), who=st.sampled_from(USERS), says=st.booleans())
    def anybody_tries_a_step(self, deed, who, says):
        user, now = self.users[who], self.hazard
        words = {"text": "见现场", "handler": "水利站"} if says else {}
        enough = says or not (STEPS[deed].says or deed == "dispatch")
        open_to_her = deed in steps_for(now, user) and who != "stranger"
        before = Hazard.objects.values().get(pk=now.pk)
        try:
            self.hazard = take(now, deed, now.version, user, **words)
        except WorkRefused:
            assert not (open_to_her and enough)
            assert Hazard.objects.values().get(pk=now.pk) == before
        else:
            assert open_to_her
            assert enough
            self.taken.append(deed)

    @precondition(lambda self: self.hazard.version > 1)
    @rule(deed=st.sampled_from(sorted(STEPS)), who=st.sampled_from(USERS))
    def somebody_comes_late(self, deed, who):
        with pytest.raises(WorkRefused):
            take(self.hazard, deed, self.hazard.version - 1, self.users[who], text="晚了", handler="某人")

    @rule(first=st.sampled_from(["chair", "staff"]))
    def it_is_brought_forward(self, first):
        """So that the far end of the loop is reached often; among three persons somebody always may go on."""
        for user in (self.users[first], self.users["staff"], self.users["chair2"], self.users["president"]):
            forward = [deed for deed in steps_for(self.hazard, user) if not STEPS[deed].back and deed != "pass_up"]
            if forward:
                self.hazard = take(self.hazard, forward[0], self.hazard.version, user, text="见现场", handler="水利站")
                self.taken.append(forward[0])
                return
        assert self.hazard.state == "closed"

    @invariant()
    def the_steps_tell_the_way(self):
        if not hasattr(self, "hazard"):
            return
        steps = list(HazardStep.objects.filter(hazard=self.hazard).order_by("number"))
        assert [step.deed for step in steps] == self.taken
        assert [step.number for step in steps] == list(range(1, self.hazard.version + 1))
        assert all(one.state_after == two.state_before for one, two in pairwise(steps))
        assert steps[-1].state_after == self.hazard.state

    @invariant()
    def nobody_verified_her_own(self):
        if hasattr(self, "hazard") and self.hazard.state in ("verified", "closed"):
            assert self.hazard.verified_by_id != self.hazard.handled_by_id
            assert self.hazard.verified_by_id


class TestLoop(TestCase, Loop.TestCase):
    settings = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
