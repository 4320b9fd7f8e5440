"""Keys of this installation: from the environment, or made once in the data folder and readable by the owner alone."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FOLDER_REFUSED = (
    "The data folder {folder} cannot be written ({reason}). Choose another one with CUNSAO_DATA_DIR, "
    "or ask its owner.\n"
    "数据文件夹 {folder} 无法写入，请用 CUNSAO_DATA_DIR 另选一个文件夹，或请管理员开通写入权限。"
)


def data_folder(path: Path) -> Path:
    """`path`, made if it is missing and closed to other users; raises ImproperlyConfigured if it cannot be written."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(path, os.W_OK | os.X_OK):
            raise PermissionError("no right to write")
    except OSError as fault:
        raise ImproperlyConfigured(FOLDER_REFUSED.format(folder=path, reason=fault.strerror or fault)) from fault
    return path


def ring(folder: Path, name: str) -> list[str]:
    """The keys of the file `name`, "id:hexadecimal" each, the newest first; one is made at the first call."""
    path = data_folder(folder) / name
    if not path.exists():
        _write_once(path, f"1:{secrets.token_hex(32)}")
    return path.read_text(encoding="ascii").split()


def add(folder: Path, name: str) -> str:
    """A new key in front of those of the file `name`; returns its name. The file is replaced in one step."""
    known = ring(folder, name)
    numbers = [int(each.partition(":")[0]) for each in known if each.partition(":")[0].isdecimal()]
    named = str(max(numbers, default=0) + 1)
    path = folder / name
    draft = _draft(path, "\n".join([f"{named}:{secrets.token_hex(32)}", *known]) + "\n")
    draft.replace(path)
    return named


def key(folder: Path, name: str, length: int = 32) -> str:
    """The key `name` of the folder as text of 2 × `length` hexadecimal digits; made at the first call."""
    path = data_folder(folder) / name
    if not path.exists():
        _write_once(path, secrets.token_hex(length))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, text: str) -> None:
    """Writes a file that only its owner may read; whoever comes second keeps what the first one wrote."""
    draft = _draft(path, text)
    try:
        os.link(draft, path)  # in one step, and only if nobody was faster
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path, text: str) -> Path:
    """`text` on the disk beside `path`, for its owner alone."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
