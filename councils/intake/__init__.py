"""The engine of list imports: a workbook is looked at, applied and undone, whatever list it is."""

from councils.intake.findings import FileFault, Finding
from councils.intake.lines import Line, Verdict
from councils.intake.resource import Absent, StagedResource, importer, kinds, resource_of
from councils.intake.returning import workbook_back
from councils.intake.showing import Shown, Sight
from councils.intake.staging import Applied, BatchRefused, Review, apply, discard, lines_of, review, stage, undo

__all__ = [
    "Absent",
    "Applied",
    "BatchRefused",
    "FileFault",
    "Finding",
    "Line",
    "Review",
    "Shown",
    "Sight",
    "StagedResource",
    "Verdict",
    "apply",
    "discard",
    "importer",
    "kinds",
    "lines_of",
    "resource_of",
    "review",
    "stage",
    "undo",
    "workbook_back",
]
