"""All addresses by name; with settings.py the only file that names the floors above."""

from django.contrib import admin
from django.urls import path
from django.views.i18n import set_language

from councils.forms import SignInForm
from councils.views import account, intake, template, tree
from members.views import gaps, insurance, photo, sheets, story, training, transfers

admin.site.login_form = SignInForm
inside = admin.site.admin_view  # signed in, or led to the sign-in page

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("first-password/", account.first_password, name="first_password"),
    path("tree/", inside(tree.tree), name="tree"),
    path("tree/search/", inside(tree.search), name="tree_search"),
    path("tree/<str:code>/", inside(tree.council), name="council"),
    path("tree/<str:code>/branch/", inside(tree.branch), name="branch"),
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
    path("members/insurance/", inside(insurance.insurance), name="insurance"),
    path("members/insurance/<int:pk>/all/", inside(insurance.insure_all), name="insure_all"),
    path("members/insurance/<int:pk>/list/", inside(insurance.insurer_list), name="insurer_list"),
    path("members/training/", inside(training.training), name="training"),
    path("members/training/<int:pk>/attendance/", inside(training.tick_attendance), name="tick_attendance"),
    path("members/transfers/", inside(transfers.transfers), name="transfers"),
    path("members/transfers/<int:pk>/<str:deed>/", inside(transfers.decide), name="decide_transfer"),
    path("members/merged/<int:pk>/undo/", inside(story.undo_merge), name="undo_merge"),
    path("members/register/<str:code>/", inside(sheets.register_sheet), name="register_sheet"),
    path("members/<int:pk>/", inside(story.story), name="member"),
    path("members/<int:pk>/number/", inside(story.show_number), name="show_number"),
    path("members/<int:pk>/photo.jpg", inside(photo.photo), name="member_photo"),
    path("members/<int:pk>/<str:name>/", inside(story.deed), name="member_deed"),
    path("", admin.site.urls),
]
