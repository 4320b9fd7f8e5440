from reports.admin import activity, appraisal, campaign, dispute, hazard

__all__ = ["activity", "appraisal", "campaign", "dispute", "hazard"]
