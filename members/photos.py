"""A member's photo: taken, replaced, taken away."""

from typing import Any, BinaryIO

from cunsao import locks, pictures, private_files
from members.models import Member, MemberPhoto

LONGEST = 720  # pixels: sharp on a phone, some 60 kB
FOLDER = "members"


def keep(member: Member, file: BinaryIO) -> MemberPhoto:
    """Her photo from now on; the file of the one before is deleted. Raises pictures.PictureRefused."""
    picture = pictures.clean(file, LONGEST)
    with locks.exclusive("photos"), private_files.stored(picture, FOLDER, "jpg") as name:
        photo = MemberPhoto.objects.filter(member=member).first() or MemberPhoto(member=member)
        if photo.file:
            private_files.discard(photo.file)
        photo.file = name
        photo.save()
    return photo


def take_away(member: Member) -> None:
    """No photo of hers is left, neither row nor file; without one nothing happens."""
    with locks.exclusive("photos"):
        for photo in MemberPhoto.objects.filter(member=member):
            private_files.discard(photo.file)
            photo.delete()


def file_of(member: Member, user: Any) -> str:
    """The name of her photo's file, empty if there is none that `user` may see."""
    found = MemberPhoto.objects.visible_to(user).filter(member=member).values_list("file", flat=True).first()
    return found or ""
