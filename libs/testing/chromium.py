"""The Chromium of the browser tests: the system's own, so that nothing is downloaded. SPOJKA_CHROMIUM names another."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium is missing. Debian, Ubuntu: sudo apt install chromium; elsewhere: SPOJKA_CHROMIUM=/path/to/chromium"
ALWAYS = ("--disable-gpu",)
"""Without a graphics card Chromium would imitate one, slower than it draws without."""
AS_ROOT = ("--no-sandbox",)


def chromium() -> Path | None:
    """Its program, or None."""
    wanted = os.environ.get("SPOJKA_CHROMIUM")
    found = next((path for name in ([wanted] if wanted else NAMES) if (path := shutil.which(name))), None)
    return Path(found) if found else None


def arguments() -> list[str]:
    """Its sandbox refuses to run as root."""
    return [*ALWAYS, *(AS_ROOT if os.geteuid() == 0 else ())]
