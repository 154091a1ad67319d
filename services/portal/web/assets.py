"""Stylesheet and scripts: first-party, served as written, under a name that changes with their content."""

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from jinja2 import Environment
from markupsafe import Markup

from services.portal.web.form import NotHere

STATIC = Path(__file__).with_name("static")
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Assets:
    """All static files in memory, packed once. css/*.css become one stylesheet, in the order of their names."""

    def __init__(self, folder: Path = STATIC) -> None:
        css = "\n".join(file.read_text(encoding="utf-8") for file in sorted((folder / "css").glob("*.css")))
        files = {"spojka.css": css.encode()}
        for file in sorted((*(folder / "js").glob("*.js"), *(folder / "img").glob("*.svg"))):
            files[file.name] = file.read_bytes()
        self._files: Mapping[str, tuple[str, bytes, bytes]] = {
            name: (KINDS[Path(name).suffix], content, gzip.compress(content, mtime=0))
            for name, content in files.items()
        }
        self.version = hashlib.sha256(b"".join(files.values())).hexdigest()[:16]

    def install(self, environment: Environment) -> None:
        """`stylesheet()`, `asset(name)` and `script(name)` in templates."""

        def script(name: str) -> Markup:
            return Markup('<script type="module" src="{}"></script>').format(self.href(f"{name}.js"))

        cast(Any, environment.globals).update(
            stylesheet=lambda: self.href("spojka.css"), asset=self.href, script=script
        )

    @property
    def early(self) -> str:
        """What every page needs, as a `Link` header: the browser asks for it before it has read the page (RFC 8288)."""
        style, script = self.href("spojka.css"), self.href("page.js")
        return f"<{style}>; rel=preload; as=style, <{script}>; rel=modulepreload"

    def href(self, name: str) -> str:
        """Raises LookupError for a file there is not: a page must not name one."""
        if name not in self._files:
            raise LookupError(name)
        return f"/static/{self.version}/{name}"

    def sizes(self) -> dict[str, int]:
        """Name → bytes, packed."""
        return {name: len(packed) for name, (_, _, packed) in self._files.items()}

    def router(self) -> APIRouter:
        """Where they are served."""
        router = APIRouter()

        @router.get("/static/{version}/{name}")
        async def static(request: Request, version: str, name: str) -> Response:
            if version != self.version or name not in self._files:
                raise NotHere
            kind, content, packed = self._files[name]
            if "gzip" in request.headers.get("accept-encoding", ""):
                return Response(packed, media_type=kind, headers={**FOREVER, "Content-Encoding": "gzip"})
            return Response(content, media_type=kind, headers=FOREVER)

        return router
