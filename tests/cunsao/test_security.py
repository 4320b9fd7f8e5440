import pytest
from django.test import RequestFactory

from cunsao.security import address
from tests.factories import make_chair, make_township

POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/tree/", "/nowhere/", "/councils/zone/"])
def test_every_page_says_what_a_browser_may_load_and_that_it_is_kept_nowhere(client, path):
    client.force_login(make_chair(make_township(villages=1)))
    page = client.get(path, follow=True)
    assert page.headers["Content-Security-Policy"] == POLICY
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_chinese_unless_another_language_was_chosen_here(client):
    page = client.get("/login/", headers={"accept-language": "en"})
    assert "登录" in page.content.decode()
    client.post("/language/", {"language": "en", "next": "/login/"})
    page = client.get("/login/", headers={"accept-language": "zh-CN"})
    assert "Sign in" in page.content.decode()
    client.cookies["cunsao_language"] = "xx"
    assert "登录" in client.get("/login/").content.decode()


@pytest.mark.parametrize(
    ("proxies", "said", "believed"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "6.6.6.6, 10.0.0.7", "10.0.0.7"),
        (1, "", "127.0.0.1"),
        (2, "9.9.9.9", "127.0.0.1"),
    ],
)
def test_a_forged_address_is_not_believed(settings, proxies, said, believed):
    settings.PROXIES = proxies
    assert address(RequestFactory().get("/", headers={"x-forwarded-for": said} if said else {})) == believed
