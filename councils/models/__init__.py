from councils.models.batch import Batch, BatchPage, BatchState
from councils.models.change import Action, Change
from councils.models.council import BELOW, CODE_LENGTH, VILLAGES, Council, FormerName, Level
from councils.models.governance import Governance, Leader, Leading, Registration, Statute, StatuteKind
from councils.models.user import User
from councils.models.zone import Zone

__all__ = [
    "BELOW",
    "CODE_LENGTH",
    "VILLAGES",
    "Action",
    "Batch",
    "BatchPage",
    "BatchState",
    "Change",
    "Council",
    "FormerName",
    "Governance",
    "Leader",
    "Leading",
    "Level",
    "Registration",
    "Statute",
    "StatuteKind",
    "User",
    "Zone",
]
