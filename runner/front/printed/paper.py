"""A sponsor's report on paper: a PDF with its charts as vectors. Rooms of a page: a title, a summary, a part for each
brand, the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fpdf import FPDF

from pipeline.reports.measures.bands import BANDS
from pipeline.reports.measures.position import FIELDS
from pipeline.reports.measures.quality import WEIGHTS

Color = tuple[int, int, int]
INK: Color = (22, 26, 32)
SOFT: Color = (98, 108, 122)
LINE: Color = (214, 219, 226)
FAINT: Color = (239, 241, 244)
HUES: Sequence[Color] = (
    *((37, 99, 235), (217, 70, 47), (22, 140, 96), (147, 74, 205)),
    *((202, 138, 4), (14, 130, 160), (190, 48, 120), (90, 104, 60)),
)
NAMES = {"under_2_5": "below 2.5 %", "from_2_5": "from 2.5 %", "from_5": "from 5 %", "from_10": "from 10 %"}
MOST = 60  # brands that have a part of their own
_WIDE, _MARGIN = 210.0, 16.0  # mm: A4
_INNER = _WIDE - 2 * _MARGIN
_PART = 66.0  # mm: the height of a brand's part


class _Paper(FPDF):
    """A page with its number; text in the letters that the built-in fonts have, others as a question mark."""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("helvetica", size=8)
        self.set_text_color(*SOFT)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def words(self, x: float, y: float, text: str, size: float, color: Color = INK, *, bold: bool = False) -> None:
        """Text with its baseline at y."""
        self.set_font("helvetica", "B" if bold else "", size)
        self.set_text_color(*color)
        self.text(x, y, latin(text))

    def right(self, x: float, y: float, text: str, size: float, color: Color = INK, *, bold: bool = False) -> None:
        """Text that ends at x."""
        self.set_font("helvetica", "B" if bold else "", size)
        self.words(x - self.get_string_width(latin(text)), y, text, size, color, bold=bold)

    def block(self, x: float, y: float, width: float, height: float, color: Color) -> None:
        """A filled rectangle."""
        self.set_fill_color(*color)
        self.rect(x, y, width, height, style="F")

    def rule(self, y: float) -> None:
        """A line across the page."""
        self.set_draw_color(*LINE)
        self.line(_MARGIN, y, _WIDE - _MARGIN, y)


def latin(text: str) -> str:
    """The text in the letters of the built-in fonts."""
    plain = text.replace("–", "-").replace("…", "...").replace("“", '"').replace("”", '"')
    return plain.encode("latin-1", "replace").decode("latin-1")


def as_pdf(told: Mapping[str, Any], signed: Mapping[str, Any] | None = None) -> bytes:
    """The PDF's bytes. `signed`: of a frozen report, its title, names, date and hash."""
    paper = _Paper(format="A4")
    paper.set_title(latin(signed["name"] if signed else "Sponsorship report"))
    paper.set_auto_page_break(auto=False)
    paper.add_page()
    y = _title(paper, told, signed)
    y = _summary(paper, told, y)
    for number, one in enumerate(told["labels"][:MOST]):
        if y + _PART > 297 - 18:
            paper.add_page()
            y = _MARGIN
        _brand(paper, told, one, HUES[number % len(HUES)], y)
        y += _PART
    _rules(paper, told, y)
    return bytes(paper.output())


def _title(paper: _Paper, told: Mapping[str, Any], signed: Mapping[str, Any] | None) -> float:
    paper.words(_MARGIN, 24, signed["name"] if signed else "Sponsorship report", 22, bold=True)
    sessions = told["sessions"]
    first = sessions[0]
    streams = ", ".join(dict.fromkeys(one["stream"] for one in sessions))
    what = f"{streams}: {len(sessions)} sessions" if len(sessions) > 1 else f"{streams}, session {first['session']}"
    when = f", from {first['started'][:16].replace('T', ' ')} UTC" if first["started"] else ""
    paper.words(_MARGIN, 31, f"{what}{when}", 10, SOFT)
    changes = sum(len(one["corrections"]) for one in sessions)
    known = f"{clock(told['analysed_seconds'])} analysed. {_corrections(changes)}"
    paper.words(_MARGIN, 36.5, known, 10, SOFT)
    if not signed:
        return 44
    paper.words(_MARGIN, 42, f"Signed by {signed['signed_by']}, {signed['at'][:16].replace('T', ' ')} UTC", 10)
    paper.words(_MARGIN, 46.5, f"SHA-256 {signed['id']}", 7.5, SOFT)
    return 53


def _corrections(count: int) -> str:
    if count == 0:
        return "Nothing was corrected by hand."
    return "One correction by hand." if count == 1 else f"{count} corrections by hand."


def _summary(paper: _Paper, told: Mapping[str, Any], y: float) -> float:
    """Seconds of each brand as bars, with its quality and its share of voice."""
    labels = told["labels"][:12]
    if not labels:
        paper.words(_MARGIN, y + 4, "Nothing of this kind was seen.", 10, SOFT)
        return y + 12
    most = max(one["on_screen"]["seconds"] for one in labels) or 1
    for x, head in (
        (118, "on the screen"),
        (140, "viewable"),
        (158, "voice"),
        (177, "share"),
        (_WIDE - _MARGIN, "quality"),
    ):
        paper.right(x, y, head, 8, SOFT)
    for number, one in enumerate(labels):
        y += 7
        color = HUES[number % len(HUES)]
        paper.words(_MARGIN, y, _short(paper, one["label"], 40, 9.5), 9.5, bold=True)
        paper.block(58, y - 3.4, max(0.4, 40 * one["on_screen"]["seconds"] / most), 4, color)
        paper.right(118, y, seconds(one["on_screen"]["seconds"]), 9.5)
        paper.right(140, y, seconds(one["viewable"]["seconds"]), 9.5)
        paper.right(158, y, percent(one["voice"]["seconds"]), 9.5)
        paper.right(177, y, percent(one["share"]["mean"]), 9.5)
        index = one["quality"]["index"]
        paper.right(_WIDE - _MARGIN, y, "-" if index is None else f"{index:.1f}", 9.5, bold=True)
    return y + 8


def _brand(paper: _Paper, told: Mapping[str, Any], one: Mapping[str, Any], color: Color, y: float) -> None:
    paper.rule(y)
    paper.block(_MARGIN, y + 4, 3, 5, color)
    paper.words(_MARGIN + 5, y + 8.3, _short(paper, one["label"], 120, 13), 13, bold=True)
    index = one["quality"]["index"]
    paper.right(_WIDE - _MARGIN, y + 8.3, f"quality {'-' if index is None else f'{index:.1f}'}", 12, bold=True)
    _fields(paper, one, color, _MARGIN, y + 13)
    _factors(paper, one, color, _MARGIN + 62, y + 13)
    _figures(paper, one, told, _MARGIN + 122, y + 15.5)
    _bands(paper, one, color, _MARGIN, y + 49)
    _timeline(paper, told, one, color, _MARGIN, y + 57)


def _fields(paper: _Paper, one: Mapping[str, Any], color: Color, x: float, y: float) -> None:
    """The picture in nine fields, the darker the longer."""
    most = max((figure["seconds"] for figure in one["fields"].values()), default=0) or 1
    for number, name in enumerate(FIELDS):
        left, top = x + number % 3 * 18.6, y + number // 3 * 10.6
        time = one["fields"].get(name, {"seconds": 0.0})["seconds"]
        paper.block(left, top, 18, 10, _mixed(color, 0.12 + 0.6 * time / most) if time else FAINT)
        if time:
            paper.set_font("helvetica", size=8)
            paper.words(left + 9 - paper.get_string_width(seconds(time)) / 2, top + 6.2, seconds(time), 8)


def _factors(paper: _Paper, one: Mapping[str, Any], color: Color, x: float, y: float) -> None:
    for number, name in enumerate(WEIGHTS):
        value, top = one["quality"]["factors"][name], y + number * 5.4
        paper.words(x, top + 3, "alone" if name == "solus" else name, 8, SOFT)
        if value is not None:
            paper.block(x + 17, top + 0.8, 24, 2.4, FAINT)
            paper.block(x + 17, top + 0.8, 24 * value, 2.4, color)
        paper.right(x + 53, top + 3, "not known" if value is None else percent(value), 8)


def _figures(paper: _Paper, one: Mapping[str, Any], told: Mapping[str, Any], x: float, y: float) -> None:
    rows = [
        ("on the screen", seconds(one["on_screen"]["seconds"])),
        ("viewable", seconds(one["viewable"]["seconds"])),
        ("alone", seconds(one["alone"]["seconds"])),
        ("longest unbroken", seconds(one["unbroken"]["longest"]["seconds"])),
        ("times", str(one["appearances"])),
        ("largest", f"{percent(one['share']['max'])} of the screen"),
        ("said, written", f"{one['spoken']['count']}, {one['written']['count']}"),
    ]
    if one["audience"]:
        rows.append(("impressions", f"{one['audience']['impressions']:,.0f}"))
    if one["value"] is not None:
        rows.append(("value", f"{one['value']:,.2f} {told['rates']['currency']}"))
    for number, (name, value) in enumerate(rows):
        paper.words(x, y + number * 4.3, name, 8, SOFT)
        paper.right(_WIDE - _MARGIN, y + number * 4.3, value, 8)


def _bands(paper: _Paper, one: Mapping[str, Any], color: Color, x: float, y: float) -> None:
    """Seconds by size, as one bar."""
    whole = sum(one["bands"][name]["seconds"] for name, _ in BANDS)
    left = x
    for number, (name, _) in enumerate(BANDS):
        time = one["bands"][name]["seconds"]
        if not whole or not time:
            continue
        width = _INNER * time / whole
        paper.block(left, y, width, 4.4, _mixed(color, 0.25 + 0.25 * number))
        text = f"{NAMES[name]} of the screen: {seconds(time)}"
        paper.set_font("helvetica", size=7.5)
        if paper.get_string_width(text) < width - 2:
            paper.words(left + 1, y + 3.2, text, 7.5, INK if number < 2 else (255, 255, 255))
        left += width


def _timeline(paper: _Paper, told: Mapping[str, Any], one: Mapping[str, Any], color: Color, x: float, y: float) -> None:
    """When it was on the screen, the sessions one after the other."""
    ends = [0.0]
    for session in told["sessions"]:
        ends.append(ends[-1] + session["until"])
    whole = ends[-1] or 1
    paper.block(x, y, _INNER, 3, FAINT)
    for part in one["on_screen"]["ranges"]:
        start = ends[part["session"]] + part["from"]
        width = max(0.3, _INNER * (part["to"] - part["from"]) / whole)
        paper.block(x + _INNER * start / whole, y, width, 3, color)
    paper.words(x, y + 6, "0:00", 7, SOFT)
    paper.right(x + _INNER, y + 6, clock(whole), 7, SOFT)


def _rules(paper: _Paper, told: Mapping[str, Any], y: float) -> None:
    """How each figure is made, in the words of the report."""
    if y > 297 - 70:
        paper.add_page()
        y = _MARGIN
    paper.rule(y)
    paper.words(_MARGIN, y + 8, "How these figures are made", 12, bold=True)
    paper.set_xy(_MARGIN, y + 12)
    paper.set_font("helvetica", size=8.5)
    paper.set_text_color(*INK)
    for text in told["formulas"].values():
        if text:
            paper.multi_cell(_INNER, 4.2, latin(text), new_x="LMARGIN", new_y="NEXT")
            paper.set_x(_MARGIN)
            paper.ln(1.5)
            paper.set_x(_MARGIN)


def _short(paper: _Paper, text: str, width: float, size: float) -> str:
    """As much of a text as there is room for."""
    paper.set_font("helvetica", "B", size)
    while text and paper.get_string_width(latin(text)) > width:
        text = text[:-1]
    return text


def _mixed(color: Color, part: float) -> Color:
    red, green, blue = (round(255 + (side - 255) * min(part, 1.0)) for side in color)
    return red, green, blue


def seconds(value: float) -> str:
    """5.2 s, or 1:05."""
    return f"{value:.1f} s" if value < 60 else clock(value)


def clock(value: float) -> str:
    """Minutes and seconds, or hours too."""
    whole = round(value)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def percent(value: float) -> str:
    """52 %, or 5.2 %."""
    return f"{100 * value:.0f} %" if value >= 0.0995 else f"{100 * value:.1f} %"
