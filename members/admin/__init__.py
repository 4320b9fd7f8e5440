from members.admin import member, membership, post, zone_assignment

__all__ = ["member", "membership", "post", "zone_assignment"]
