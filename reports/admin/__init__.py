from reports.admin import activity, appraisal, campaign, dispute, figures, hazard

__all__ = ["activity", "appraisal", "campaign", "dispute", "figures", "hazard"]
