from members.admin import bank, member, membership, post, zone_assignment

__all__ = ["bank", "member", "membership", "post", "zone_assignment"]
