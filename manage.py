#!/usr/bin/env python
"""The command line of cunsao: `uv run manage.py start`, and `uv run manage.py help` for the rest."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one sentence that an older Python gets to say
    sys.exit(
        "cunsao needs Python 3.11 or newer. Install a newer Python and run the line again.\n"
        "需要 Python 3.11 或更高版本，请先安装新版 Python，再运行这条命令。"
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunsao.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - after the version was looked at
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
