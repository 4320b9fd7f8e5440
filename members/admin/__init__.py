from members.admin import equipment, honour, insurance, member, membership, office, post, training, zone_assignment

__all__ = ["equipment", "honour", "insurance", "member", "membership", "office", "post", "training", "zone_assignment"]
