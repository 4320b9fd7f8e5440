from members.admin import equipment, honour, member, membership, office, post, zone_assignment

__all__ = ["equipment", "honour", "member", "membership", "office", "post", "zone_assignment"]
