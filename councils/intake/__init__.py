"""The engine of list imports: a workbook is looked at, applied and undone, whatever list it is."""

from councils.intake.findings import FileFault, Finding
from councils.intake.lines import Line, Verdict
from councils.intake.resource import StagedResource, importer
from councils.intake.staging import Applied, BatchRefused, Review, apply, lines_of, review, stage, undo

__all__ = [
    "Applied",
    "BatchRefused",
    "FileFault",
    "Finding",
    "Line",
    "Review",
    "StagedResource",
    "Verdict",
    "apply",
    "importer",
    "lines_of",
    "review",
    "stage",
    "undo",
]
