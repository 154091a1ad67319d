"""What is looked at on a page in a real browser, and told as sentences when it is not as it should be."""

from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.async_api import Page, ViewportSize

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
NARROWEST, ZOOMED = ViewportSize(width=320, height=640), ViewportSize(width=640, height=450)
"""What 1280 px are at 400 % and at 200 %."""
A4 = ViewportSize(width=673, height=1000)
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
BRIEFLY: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
EVERYTHING: dict[str, Any] = {"runOnly": {"type": "tag", "values": list(WCAG)}, **BRIEFLY}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **BRIEFLY}
"""The only rule of axe that a theme can break; the others see the same in both."""
SHOWN_OF_A_RULE = 3
LEFT = "net::ERR_ABORTED"
"""What becomes of a stream when its page is left."""
RUN_AXE = "asked => axe.run(asked).then(found => found.violations)"

FOCUS = """() => {
    const wrong = [];
    const seen = one => one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
    const about = one => one.outerHTML.replace(/\\s+/g, ' ').slice(0, 90);
    const outlined = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const drawn = style => outlined(style) || style.boxShadow !== 'none';
    const marked = one => [null, '::before', '::after'].some(part => drawn(getComputedStyle(one, part)));
    for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
        if (one.type === 'hidden' || one.disabled || !seen(one)) continue;
        one.focus({focusVisible: true});
        if (document.activeElement !== one) { wrong.push(`cannot be focused: ${about(one)}`); continue; }
        const row = one.parentElement && one.parentElement.parentElement;
        const near = [one, ...(one.labels || []), one.nextElementSibling, one.parentElement, row].filter(Boolean);
        if (!near.some(marked)) wrong.push(`focus is not seen: ${about(one)}`);
        const shown = one.labels && one.labels[0] && one.offsetWidth < 4 ? one.labels[0] : one;
        const place = shown.getBoundingClientRect();
        if (place.width === 0 || place.height === 0) continue;
        const across = (Math.max(place.left, 0) + Math.min(place.right, innerWidth)) / 2;
        const top = document.elementFromPoint(across, place.y + Math.min(place.height / 2, 20));
        const inside = near.slice(0, -1).some(other => other.contains(top));
        const mine = top && (inside || top.contains(one));
        if (!mine) wrong.push(`focused, but ${top ? 'covered by ' + about(top) : 'off the screen'}: ${about(one)}`);
    }
    return wrong;
}"""
WIDER = """() => {
    const root = document.documentElement, wrong = [];
    if (root.scrollWidth <= root.clientWidth) return wrong;
    for (const one of document.body.querySelectorAll('*')) {
        const right = one.getBoundingClientRect().right;
        const about = one.outerHTML.replace(/\\s+/g, ' ').slice(0, 90);
        if (right > root.clientWidth + 1) wrong.push(`${about} ends at ${right}`);
        if (wrong.length === 3) break;
    }
    return [`the page is ${root.scrollWidth} px wide`, ...wrong];
}"""
UNPRINTED = """() => {
    const seen = css => [...document.querySelectorAll(css)].find(one => one.checkVisibility());
    const wrong = [];
    for (const css of ['.top', '.menu', '.bar', '.foot', '.actions']) if (seen(css)) wrong.push(`${css} is printed`);
    if (!seen('main h1')) wrong.push('its heading is not printed');
    const holdsNames = seen('.signed-in') && !seen('.sheet, .leaflet');
    if (holdsNames && !seen('.printed')) wrong.push('it does not say what it holds and who printed it');
    return wrong;
}"""


@dataclass
class Look:
    """A tab of the browser. complaints: what the page said on its console, could not load or threw."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])
    _url: str = ""

    def __post_init__(self) -> None:
        said = self.complaints
        self.page.on("console", lambda word: said.append(word.text) if word.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: said.append(str(error)))
        self.page.on("requestfailed", lambda asked: said.append(str(asked.failure)) if asked.failure != LEFT else None)

    async def begin(self, url: str) -> None:
        """At this node, wide and light."""
        self._url = url
        await self.page.set_viewport_size(WIDE)
        await self.wears("light")

    async def open(self, path: str) -> list[str]:
        """What is wrong if another page comes."""
        self.complaints.clear()
        answer = await self.page.goto(self._url + path, wait_until="load")
        came = self.page.url.removeprefix(self._url)
        return [] if answer and answer.ok and came == path else [f"{came} comes instead: {answer and answer.status}"]

    async def axe(self, options: dict[str, Any] = EVERYTHING) -> list[str]:
        """Every rule that is broken, with the first elements that break it. axe is in every page of the tab."""
        return [
            f"axe {one['id']}: " + "; ".join(node["html"][:120] for node in one["nodes"][:SHOWN_OF_A_RULE])
            for one in await self.page.evaluate(RUN_AXE, options)
        ]

    async def wears(self, theme: Theme) -> None:
        await self.page.emulate_media(color_scheme=theme)

    async def too_wide(self, size: ViewportSize = NARROWEST) -> list[str]:
        """What makes the page scroll sideways."""
        await self.page.set_viewport_size(size)
        return await self.page.evaluate(WIDER)

    async def unprinted(self) -> list[str]:
        """What is wrong on paper."""
        await self.page.emulate_media(media="print")
        wrong = [*await self.too_wide(A4), *await self.page.evaluate(UNPRINTED)]
        await self.page.emulate_media(media="screen")
        return [f"printed: {one}" for one in wrong]

    async def lost_focus(self) -> list[str]:
        """What cannot be reached, or not be seen, by keyboard alone."""
        return await self.page.evaluate(FOCUS)
