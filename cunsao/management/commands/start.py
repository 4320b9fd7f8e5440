import json
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Prepares the database if need be, says where to sign in, and serves."
    requires_system_checks: list[str] = []  # they ask the database, which may not be there yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="a new database starts without the invented county")
        parser.add_argument("--bind", default="127.0.0.1", help="address to listen on; 0.0.0.0 lets the office in")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *, empty: bool, bind: str, port: int, workers: int, **_options: Any) -> None:
        self._look_at_port(bind, port)
        os.environ["CUNSAO_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, *_names_of(bind)])
        self._tell(_("Database"))
        call_command("migrate", interactive=False, verbosity=0)
        if not get_user_model()._default_manager.exists() and not empty:
            self._tell(_("Invented county"))
            call_command("load_demo", stdout=self.stdout)
        call_command("first_account", "--if-none", stdout=self.stdout)
        self._tell(_("Pages and pictures"))
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("check", fail_level="ERROR", verbosity=0, stdout=sys.stderr)
        if settings.ARRIVING.exists():
            self._tell(_("Records of the invented county, while the pages are served"))
            self._fetch_records()
        self._say_where(bind, port)
        self._serve(bind, port, workers)

    def _tell(self, step: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"● {step} …"))
        self.stdout.flush()

    def _look_at_port(self, bind: str, port: int) -> None:
        """Binds for a moment, so that a taken port is told before anything is made."""
        family = socket.AF_INET6 if ":" in bind else socket.AF_INET
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((bind, port))
        except (OSError, OverflowError) as fault:
            raise CommandError(
                _(
                    "Port %(port)d on %(bind)s cannot be used (%(reason)s). "
                    "Choose another one, such as --port %(other)d."
                )
                % {"port": port, "bind": bind, "reason": fault.strerror if isinstance(fault, OSError) else fault,
                   "other": port + 1 if 0 < port < 65535 else 8000}
            ) from None  # fmt: skip

    def _say_where(self, bind: str, port: int) -> None:
        shown = "127.0.0.1" if bind == "0.0.0.0" else f"[{bind}]" if ":" in bind else bind  # noqa: S104
        self.stdout.write("")
        self.stdout.write(self.style.SUCCESS(_("Open http://%(host)s:%(port)d") % {"host": shown, "port": port}))
        self.stdout.write(_("The data lie in %(folder)s") % {"folder": settings.DATA_DIR})
        path = Path(settings.DATA_DIR) / "sign-ins.json"
        if path.exists():
            self.stdout.write(_("Sign-ins of the invented county (kept in %(file)s):") % {"file": path.name})
            for each in json.loads(path.read_text(encoding="utf-8")):
                self.stdout.write(f"  {each['username']:<10} {each['password']}   {each['duty']}, {each['council']}")
        self.stdout.write(_("Ctrl+C ends it."))
        self.stdout.flush()

    def _fetch_records(self) -> None:
        """In a process beside the server, which ends with it and is begun again by the next start."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "load_demo", "--records"]
        subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command

    def _serve(self, bind: str, port: int, workers: int) -> None:
        host = f"[{bind}]" if ":" in bind else bind
        os.environ |= {"CUNSAO_BIND": f"{host}:{port}", "CUNSAO_WORKERS": str(workers)}
        command = [sys.executable, "-m", "gunicorn", "--config", "python:cunsao.serving", "cunsao.wsgi"]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, command)  # noqa: S606 - gunicorn takes over this process and its signals


def _names_of(bind: str) -> list[str]:
    """How others in the office may call this computer when it listens to them."""
    if bind not in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not bound to
        return [f"[{bind}]" if ":" in bind else bind]
    own = socket.gethostname()
    try:
        return [own, *{str(found[4][0]) for found in socket.getaddrinfo(own, None, socket.AF_INET)}]
    except socket.gaierror:
        return [own]
