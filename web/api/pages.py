"""The built pages of ``web/client/dist``, read once at start and served from memory.

Only what was there at start exists: no path leads anywhere else. Files whose name holds their hash
may be kept for ever; everything else, pages above all, is never stored by the browser.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

#: ``assets/help-BxT2uJ9a.js``: what Vite writes.
_HASHED = re.compile(r"assets/.+[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+\Z")
_TEXT = re.compile(r"text/|application/(javascript|json|manifest\+json)|image/svg")
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FOREVER = "public, max-age=31536000, immutable"
#: More than any page of ours; a folder given by mistake is noticed.
MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    squeezed: bytes | None
    kind: str
    tag: str
    immutable: bool


class Pages:
    def __init__(self, folder: Path) -> None:
        self._pages = dict(_read(folder)) if folder.is_dir() else {}

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, path: str) -> Page | None:
        """The file behind a path: ``/`` and ``/aider`` are pages without their ending."""
        name = path.strip("/")
        for candidate in (name, f"{name}.html", f"{name}/index.html".lstrip("/")):
            if candidate in self._pages:
                return self._pages[candidate]
        return None

    def answer(self, request: Request) -> Response | None:
        page = self.find(request.url.path)
        if page is None:
            return None
        headers = {"etag": page.tag, "vary": "accept-encoding"}
        if page.immutable:
            headers["cache-control"] = FOREVER
            if request.headers.get("if-none-match") == page.tag:
                return Response(status_code=304, headers=headers)
        body = page.body
        if page.squeezed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body = page.squeezed
            headers["content-encoding"] = "gzip"
        return Response(body, headers={**headers, "content-type": page.kind})


def _read(folder: Path) -> Iterator[tuple[str, Page]]:
    total = 0
    for file in sorted(folder.rglob("*")):
        # A build holds no links; one that leads outside would be a leak.
        if not file.is_file() or file.is_symlink():
            continue
        body = file.read_bytes()
        total += len(body)
        if total > MOST_BYTES:
            raise ValueError(f"{folder} holds more than pages do")
        name = file.relative_to(folder).as_posix()
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(name)[0]
        squeezed = None
        if kind is not None and _TEXT.match(kind) and len(body) > 512:
            squeezed = gzip.compress(body, mtime=0)
        yield (
            name,
            Page(
                body,
                squeezed,
                kind or "application/octet-stream",
                f'"{hashlib.sha256(body).hexdigest()[:32]}"',
                immutable=_HASHED.match(name) is not None,
            ),
        )
