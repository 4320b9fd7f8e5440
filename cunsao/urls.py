"""All addresses by name; with settings.py the only file that names the floors above."""

from django.contrib import admin
from django.urls import path
from django.views.i18n import set_language

from councils.forms import SignInForm
from councils.views import account, governance, intake, template, tree
from members.views import (
    gaps,
    insurance,
    month,
    month_workbook,
    months,
    payments,
    photo,
    receipts,
    sheets,
    story,
    training,
    transfers,
)
from reports.views import hazards

admin.site.login_form = SignInForm
inside = admin.site.admin_view  # signed in, or led to the sign-in page

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("first-password/", account.first_password, name="first_password"),
    path("tree/", inside(tree.tree), name="tree"),
    path("tree/search/", inside(tree.search), name="tree_search"),
    path("tree/<str:code>/", inside(tree.council), name="council"),
    path("tree/<str:code>/branch/", inside(tree.branch), name="branch"),
    path("tree/<str:code>/governance/", inside(governance.governance), name="governance"),
    path("tree/<str:code>/governance/add/", inside(governance.add_statute), name="add_statute"),
    path("statutes/<int:pk>/", inside(governance.open_statute), name="open_statute"),
    path("tree/<str:code>/<str:deed>/", inside(tree.change), name="change_tree"),
    path("imports/", inside(intake.imports), name="imports"),
    path("imports/<str:kind>/", inside(intake.upload), name="upload"),
    path("imports/<str:kind>/template/", inside(template.template), name="template"),
    path("imports/batch/<int:pk>/", inside(intake.batch), name="batch"),
    path("imports/batch/<int:pk>/workbook/", inside(intake.marked_workbook), name="marked_workbook"),
    path("imports/batch/<int:pk>/<str:deed>/", inside(intake.deed), name="batch_deed"),
    path("members/admit/", inside(story.admit), name="admit_member"),
    path("members/find/", inside(story.find), name="find_member"),
    path("members/gaps/", inside(gaps.gap_list), name="gaps"),
    path("members/donations/<int:pk>/receipt/", inside(receipts.donation_receipt), name="print_donation"),
    path("members/insurance/", inside(insurance.insurance), name="insurance"),
    path("members/insurance/<int:pk>/all/", inside(insurance.insure_all), name="insure_all"),
    path("members/insurance/<int:pk>/list/", inside(insurance.insurer_list), name="insurer_list"),
    path("members/training/", inside(training.training), name="training"),
    path("members/training/<int:pk>/attendance/", inside(training.tick_attendance), name="tick_attendance"),
    path("members/transfers/", inside(transfers.transfers), name="transfers"),
    path("members/transfers/<int:pk>/<str:deed>/", inside(transfers.decide), name="decide_transfer"),
    path("members/merged/<int:pk>/undo/", inside(story.undo_merge), name="undo_merge"),
    path("members/equipment-sheet/<str:code>/", inside(sheets.equipment_sheet), name="equipment_sheet"),
    path("members/register/<str:code>/", inside(sheets.register_sheet), name="register_sheet"),
    path("months/", inside(months.months), name="months"),
    path("months/entry/<int:pk>/<str:name>/", inside(month.entry_deed), name="entry_deed"),
    path("months/<str:code>/<str:month>/", inside(month.month), name="month"),
    path("months/<str:code>/<str:month>/open/", inside(month.open_month), name="open_month"),
    path("months/<str:code>/<str:month>/cells/", inside(month.save_cells), name="save_cells"),
    path("months/<str:code>/<str:month>/workbook/", inside(month_workbook.workbook), name="month_workbook"),
    path("months/<str:code>/<str:month>/<str:name>/", inside(month.month_deed), name="month_deed"),
    path("payments/", inside(payments.payments), name="payments"),
    path("payments/file/<int:pk>/", inside(payments.download_bankfile), name="download_bankfile"),
    path("payments/answer/<int:pk>/", inside(payments.show_returnfile), name="show_returnfile"),
    path("payments/objection/<int:pk>/", inside(payments.answer_objection), name="answer_objection"),
    path("payments/owed/<int:pk>/", inside(payments.settle_payment), name="settle_payment"),
    path("payments/<str:code>/<str:month>/", inside(payments.payment_month), name="payment_month"),
    path("payments/<str:code>/<str:month>/sheet/", inside(sheets.payment_sheet), name="payment_sheet"),
    path("payments/<str:code>/<str:month>/notice/", inside(sheets.notice_sheet), name="notice_sheet"),
    path("payments/<str:code>/<str:month>/<str:name>/", inside(payments.payment_deed), name="payment_deed"),
    path("members/<int:pk>/", inside(story.story), name="member"),
    path("members/<int:pk>/number/", inside(story.show_number), name="show_number"),
    path("members/<int:pk>/print/", inside(story.print_story), name="print_member"),
    path("members/<int:pk>/photo.jpg", inside(photo.photo), name="member_photo"),
    path("members/<int:pk>/<str:name>/", inside(story.deed), name="member_deed"),
    path("hazards/", inside(hazards.hazards), name="hazards"),
    path("hazards/enter/<str:name>/", inside(hazards.enter_hazard), name="enter_hazard"),
    path("hazards/enter/<str:name>/<str:code>/", inside(hazards.enter_hazard_in), name="enter_hazard_in"),
    path("hazards/<int:pk>/", inside(hazards.hazard), name="hazard"),
    path("hazards/<int:pk>/<str:name>/", inside(hazards.hazard_deed), name="hazard_deed"),
    path("", admin.site.urls),
]
