"""The key outside the database: where it lies, how it is made, what would make it worthless."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

KEY_BYTES = 32

#: File systems on which SQLite's locks do not hold, or whose disk is somebody else's.
NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "fuse.sshfs",
        "fuse.glusterfs",
        "fuse.s3fs",
        "fuse.rclone",
        "gfs2",
        "ocfs2",
        "lustre",
        "virtiofs",
        "vboxsf",
    }
)
#: File systems that a power cut empties.
MEMORY = frozenset({"tmpfs", "ramfs"})


class BadKey(Exception):
    """A key file cannot be used; the text says why, and never what is in it."""


def read_key(file: Path) -> bytes:
    """The 32 bytes of a key file, which holds them in base64."""
    try:
        key = base64.b64decode(file.read_bytes().strip(), validate=True)
    except OSError as error:
        raise BadKey(f"{file} cannot be read") from error
    except binascii.Error:
        raise BadKey(f"{file} is not base64") from None
    if len(key) != KEY_BYTES:
        raise BadKey(f"{file} must hold {KEY_BYTES} bytes in base64")
    return key


def make_key(file: Path) -> bytes:
    """Write a new random key that only its owner may read, unless there is one; then read it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        # A link, not a rename: should two processes start at once, the second keeps the first's.
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return read_key(file)


def file_problems(file: Path) -> list[str]:
    """Why this key would not do in production."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except FileNotFoundError:
        return [f"{file} is missing: openssl rand -base64 32 > it, chmod 600, and keep a copy"]
    except OSError:
        return [f"{file} cannot be read"]
    try:
        key = read_key(file)
    except BadKey as error:
        return [str(error)]
    found = []
    if mode & _others(file):
        found.append(f"{file} can be read by others: chmod 600")
    if len(set(key)) < KEY_BYTES // 4:
        found.append(f"{file} is not random")
    return found


def _others(file: Path) -> int:
    """The bits of a mode that let others than its owner in.

    A credential of systemd's (254 and later) is for one user by an access list, which shows as a
    right of the group's that the group has not: and nobody else may enter its folder.
    """
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    return 0o007 if given and file.parent == Path(given) else 0o077


def network_filesystem(file: Path, mounts: str | None = None) -> bool:
    """Whether a file would lie on another machine, by what is mounted above it."""
    return _filesystem(file, mounts) in NETWORK


def memory_filesystem(file: Path, mounts: str | None = None) -> bool:
    """Whether a file would lie on no disk at all: ``/dev/shm``, ``/run``, some ``/tmp``."""
    return _filesystem(file, mounts) in MEMORY


def _filesystem(file: Path, mounts: str | None) -> str:
    """The kind of what is mounted above a file."""
    if mounts is None:
        table = Path("/proc/self/mounts")
        mounts = table.read_text() if table.exists() else ""
    path = file.resolve()
    kinds: dict[Path, str] = {}
    for line in mounts.splitlines():
        _, _, rest = line.partition(" ")
        folder, _, rest = rest.partition(" ")
        kinds[Path(folder.replace("\\040", " "))] = rest.partition(" ")[0]
    return next((kinds[above] for above in (path, *path.parents) if above in kinds), "")


def derived(master: bytes, purpose: str) -> bytes:
    """A key for one purpose, from the master key: one file to keep, nothing to mix up."""
    return hmac.new(master, f"entraide {purpose}".encode(), hashlib.sha256).digest()
