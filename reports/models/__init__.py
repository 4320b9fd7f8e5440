from reports.models.activity import Activity, ActivityMember, Source, State
from reports.models.appraisal import Remark, Sample, Scheme, SchemePoint
from reports.models.campaign import Campaign, CampaignTarget
from reports.models.dispute import Dispute, DisputeState, Relation
from reports.models.hazard import Desk, Hazard, HazardState, HazardStep, HazardTime, Severity
from reports.models.issued import IssuedReport, ReportKind
from reports.models.photo import Photo
from reports.models.total import MonthlyTotal

__all__ = [
    "Activity",
    "ActivityMember",
    "Campaign",
    "CampaignTarget",
    "Desk",
    "Dispute",
    "DisputeState",
    "Hazard",
    "HazardState",
    "HazardStep",
    "HazardTime",
    "IssuedReport",
    "MonthlyTotal",
    "Photo",
    "Relation",
    "Remark",
    "ReportKind",
    "Sample",
    "Scheme",
    "SchemePoint",
    "Severity",
    "Source",
    "State",
]
