"""All addresses by name; with settings.py the only file that names the floors above."""

from django.contrib import admin
from django.urls import path
from django.views.i18n import set_language

from councils.forms import SignInForm
from councils.views import account, tree

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
    path("", admin.site.urls),
]
