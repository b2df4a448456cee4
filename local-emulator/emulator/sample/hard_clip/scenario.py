"""The script of the hard clip: shots, and marks with what makes each hard. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from ..media.scenario import BIKES, BUNNY, CAR, WIDE, Shot, Title, View
from ..media.tracks import Key

FRAMES = 600


@dataclass(frozen=True, slots=True)
class Hard:
    """A mark on its way. `why`: what makes it hard, for people.

    `turned`: degrees that its board is turned away from the camera; `tilted`: degrees in the picture; `hidden`: share
    of its width that a pillar covers; `smeared`: pixels of movement while the shutter is open; `strength`: 1 is opaque.
    """

    brand: str
    ink: str
    plate: str | None
    why: str
    keys: tuple[Key, ...]
    turned: float = 0.0
    tilted: float = 0.0
    hidden: float = 0.0
    smeared: int = 0
    strength: float = 1.0


SHOTS = (
    Shot(BIKES, 31, 60, 2, View(1.0), View(1.1)),
    Shot(BUNNY, 0, 130, 1, View(1.5, 0.6, 0.5), View(1.2, 0.5, 0.5), flip=True),
    Shot(CAR, 60, 120, 1, View(1.02), View(1.1)),
    Shot(BIKES, 138, 100, 2, View(1.0, 0.45), View(1.12, 0.55)),
    Shot(BIKES, 0, 60, 2, WIDE, WIDE),
)

MARKS = (
    Hard(
        "nike",
        "#ffffff",
        None,
        "turned away by 55°",
        (Key(1.0, 760, 200, 190), Key(5.4, 980, 260, 210)),
        turned=55,
    ),
    Hard(
        "starbucks",
        "#006241",
        "#ffffff",
        "a quarter hidden",
        (Key(2.6, 260, 500, 150), Key(7.8, 420, 470, 180)),
        hidden=0.25,
    ),
    Hard(
        "adidas",
        "#000000",
        "#ffffff",
        "smeared by 25 pixels",
        (Key(6.0, 1120, 480, 150), Key(9.4, 620, 420, 150)),
        smeared=25,
    ),
    Hard(
        "spotify", "#1ed760", "#191414", "tilted by 40°", (Key(8.8, 220, 220, 150), Key(13.4, 360, 320, 180)), tilted=40
    ),
    Hard(
        "shell",
        "#ffd500",
        "#c8102e",
        "34 pixels wide",
        (Key(10.6, 900, 300, 34), Key(15.8, 1000, 360, 34)),
    ),
    Hard(
        "toyota",
        "#eb0a1e",
        None,
        "faint",
        (Key(14.0, 240, 480, 160), Key(18.4, 420, 440, 190)),
        strength=0.35,
    ),
    Hard(
        "puma",
        "#242b2f",
        "#ffffff",
        "turned away by 65°",
        (Key(16.2, 1060, 420, 210), Key(20.8, 940, 380, 230)),
        turned=65,
    ),
    Hard(
        "mastercard",
        "#eb001b",
        "#ffffff",
        "half hidden",
        (Key(18.8, 260, 240, 170), Key(23.0, 380, 280, 180)),
        hidden=0.5,
    ),
)

TITLES = (Title("SECOND HALF", 20.4, 23.2),)
