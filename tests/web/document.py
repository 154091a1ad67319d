"""What a page says, read from its source: enough of HTML for the tests, from the standard library."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
SILENT = frozenset({"script", "style", "template"})
SPOKEN = ("title", "alt", "aria-label", "placeholder", "aria-description")
BY_SCRIPT = ("data-live", "data-src")
FETCHED = {"link": "href", "script": "src", "img": "src", "source": "src"}


@dataclass(frozen=True)
class Field:
    """One control of a form. options: the values of a <select>, or the only value of a box or a button."""

    tag: str
    name: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    checked: bool = False
    required: bool = False


@dataclass
class Form:
    """Where it goes and what is in it."""

    action: str
    method: str
    upload: bool
    fields: list[Field] = field(default_factory=list[Field])

    @property
    def texts(self) -> list[Field]:
        """Where somebody may type words."""
        typed = {"text", "search", "email", "tel", "url", ""}
        return [one for one in self.fields if one.tag == "textarea" or (one.tag == "input" and one.kind in typed)]


@dataclass
class Document:
    """links: where somebody may go; fetched: what the browser gets by itself; shape: which kinds of elements there
    are; texts: (what is read or spoken, whether in the page's own language)."""

    title: str = ""
    language: str = ""
    headings: list[str] = field(default_factory=list[str])
    links: list[str] = field(default_factory=list[str])
    fetched: list[str] = field(default_factory=list[str])
    forms: list[Form] = field(default_factory=list[Form])
    shape: set[str] = field(default_factory=set[str])
    texts: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    attributes: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def own_texts(self) -> Iterator[str]:
        """Texts that are in the language of the page, as far as the page says."""
        return (text for text, own in self.texts if own)


def read(source: str) -> Document:
    """The document of a page's source."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.document


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self._open: list[tuple[str, bool]] = []  # (tag, in the page's own language)
        self._form: Form | None = None
        self._select: tuple[dict[str, str], list[str], list[str]] | None = None
        self._area: tuple[dict[str, str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        own = not self._open or self._open[-1][1]
        if tag == "html":
            self.document.language = given.get("lang", "")
        elif given.get("lang", self.document.language) != self.document.language or given.get("translate") == "no":
            own = False
        if tag not in VOID:
            self._open.append((tag, own))
        self._note(tag, given, own)
        self._link(tag, given)
        self._control(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            given, values, chosen = self._select
            self._add(Field("select", given.get("name", ""), "", (chosen or values or [""])[0], tuple(values)))
            self._select = None
        elif tag == "textarea" and self._area:
            given, words = self._area
            self._add(Field("textarea", given.get("name", ""), "", "".join(words), required="required" in given))
            self._area = None
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                break

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)
        inside = [tag for tag, _ in self._open]
        if not data.strip() or SILENT.intersection(inside):
            return
        text = " ".join(data.split())
        if "title" in inside and "svg" not in inside:
            self.document.title += text
        if "h1" in inside:
            self.document.headings[-1] = f"{self.document.headings[-1]} {text}".strip()
        self.document.texts.append((text, not self._open or self._open[-1][1]))

    def _note(self, tag: str, given: dict[str, str], own: bool) -> None:
        classes = ".".join(sorted(given.get("class", "").split()))
        self.document.shape.add(f"{tag}.{classes}" if classes else f"{tag}[{given.get('type', '')}]")
        self.document.attributes += [(tag, name, value) for name, value in given.items()]
        self.document.texts += [(given[name], own) for name in SPOKEN if given.get(name)]
        if tag == "h1":
            self.document.headings.append("")

    def _link(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("a", "area") and "href" in given:
            self.document.links.append(given["href"])
        if (source := given.get(FETCHED.get(tag, ""))) is not None:
            self.document.fetched.append(source)
        self.document.fetched += [given[name] for name in BY_SCRIPT if name in given]

    def _control(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            upload = given.get("enctype") == "multipart/form-data"
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), upload)
            self.document.forms.append(self._form)
        elif tag == "select":
            self._select = (given, [], [])
        elif tag == "option" and self._select:
            self._select[1].append(given.get("value", ""))
            if "selected" in given:
                self._select[2].append(given.get("value", ""))
        elif tag == "textarea":
            self._area = (given, [])
        elif tag in ("input", "button"):
            kind = given.get("type", "submit" if tag == "button" else "text")
            checked, required = "checked" in given, "required" in given
            value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
            self._add(Field(tag, given.get("name", ""), kind, value, (value,), checked, required))

    def _add(self, one: Field) -> None:
        if self._form is not None:
            self._form.fields.append(one)
