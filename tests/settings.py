"""The product's settings on a test's database and folder."""

import os
import tempfile
from pathlib import Path

from tests import databases

FOLDER = Path(tempfile.mkdtemp(prefix="cunsao-tests-"))
os.environ |= {"CUNSAO_DATA_DIR": str(FOLDER / "data"), "DATABASE_URL": databases.url(FOLDER)}

from cunsao.settings import *  # noqa: E402, F403
from cunsao.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402
from cunsao.triggers import MAY_EMPTY  # noqa: E402

STATIC_ROOT.mkdir(parents=True)
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
if databases.KIND == "postgresql":  # tests with transactions of their own empty all tables
    DATABASES["default"]["OPTIONS"]["options"] += f" -c {MAY_EMPTY}=yes"
DATABASES["default"]["TEST"] = {"NAME": databases.test_name(FOLDER)}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
