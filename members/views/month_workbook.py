"""The month as a workbook, to be filled in and uploaded again."""

import io

from django.http import FileResponse, HttpRequest

from councils import exports
from cunsao import months
from cunsao.workbook import write
from members.imports.months import plan_of
from members.sheets.month import month_sheet
from members.views.month import found_roster
from members.views.story import permit


def workbook(request: HttpRequest, code: str, month: str) -> FileResponse:
    """Its members with what they get; numbers masked. That it left is entered in the trail."""
    permit(request, "members.view_rosterentry")
    sheet = month_sheet(found_roster(request, code, month))
    plan = plan_of(sheet)
    name = f"{sheet.roster.township} {months.label(sheet.roster.month)}"
    exports.enter(name, len(sheet.entries), request.user)
    stream = io.BytesIO()
    write([plan], stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx")
