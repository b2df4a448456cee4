"""The script of the sample clip: shots of real footage, sponsors' marks and titles, with their times. Data only.

Two stretches show no mark: 8.6 to 12.6 s, and from 24.4 s on.
"""

from __future__ import annotations

from dataclasses import dataclass

from .tracks import Key

WIDTH, HEIGHT, FPS = 1280, 720, 25
FRAMES = 750


@dataclass(frozen=True, slots=True)
class View:
    """The part of the footage that fills the picture: magnification beyond just filling, and the centre in 0..1."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5


@dataclass(frozen=True, slots=True)
class Shot:
    """`frames` pictures from `first` of a file on, each held for `slow` pictures, while the view moves."""

    file: str
    first: int
    frames: int
    slow: int = 1
    begin: View = View()
    finish: View = View()
    flip: bool = False


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A mark on its way. `plate` is the colour of the board it stands on, None for the bare mark."""

    brand: str
    ink: str
    plate: str | None
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A line of text in the lower third, from `start` to `end` seconds."""

    text: str
    start: float
    end: float


BUNNY, BIKES, CAR = "bigbuckbunny.mp4", "bikes.mp4", "carphone_pristine.mp4"
WIDE = View(1.06)

SHOTS = (
    Shot(BUNNY, 0, 130),
    Shot(BIKES, 138, 48, 2, View(1.0, 0.45), View(1.12, 0.55)),
    Shot(BIKES, 77, 60, 1, WIDE, WIDE),
    Shot(BIKES, 31, 45, 2, View(1.0), View(1.1)),
    Shot(BUNNY, 0, 132, 1, View(1.7, 0.62, 0.5), View(1.25, 0.5, 0.5), flip=True),
    Shot(BIKES, 189, 52, 2, View(1.0, 0.4), View(1.06, 0.6)),
    Shot(CAR, 0, 120, 1, View(1.02), View(1.1)),
    Shot(BIKES, 0, 29, 1, WIDE, WIDE),
)

SPONSORS = (
    Sponsor("nike", "#ffffff", None, (Key(1.0, 700, 120, 150), Key(3.4, 960, 150, 200), Key(6.2, 1080, 560, 170))),
    Sponsor(
        "starbucks", "#006241", "#ffffff", (Key(3.6, 170, 560, 130), Key(6.0, 330, 530, 170), Key(8.6, 640, 540, 150))
    ),
    Sponsor(
        "adidas", "#000000", "#ffffff", (Key(12.6, 1120, 560, 120), Key(15.0, 960, 520, 170), Key(17.8, 760, 560, 140))
    ),
    Sponsor(
        "spotify", "#1ed760", "#191414", (Key(15.4, 200, 180, 130), Key(18.0, 340, 260, 160), Key(20.6, 220, 540, 120))
    ),
    Sponsor(
        "shell", "#ffd500", "#c8102e", (Key(18.4, 1180, 150, 110), Key(21.4, 1080, 300, 190), Key(24.4, 1090, 480, 150))
    ),
    Sponsor(
        "toyota", "#eb0a1e", "#ffffff", (Key(20.4, 200, 560, 140), Key(22.4, 420, 540, 180), Key(24.4, 620, 570, 150))
    ),
)

TITLES = (Title("FINAL LAP", 9.2, 11.8), Title("IN THE STUDIO", 25.2, 28.2))
