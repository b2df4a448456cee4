"""The price list, `prices.toml` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the bill. `tiers`: from so many units on, each `per` units cost so many dollars."""

    unit: str
    per: int
    tiers: Sequence[tuple[int, Decimal]]

    def cost(self, quantity: float, before: float = 0) -> Decimal:
        """The cost of `quantity` units, after `before` units earlier in the month."""
        return self._total(Decimal(before) + Decimal(quantity)) - self._total(Decimal(before))

    def _total(self, quantity: Decimal) -> Decimal:
        ends = [Decimal(start) for start, _ in self.tiers[1:]] + [max(quantity, Decimal(self.tiers[-1][0]))]
        total = Decimal(0)
        for (start, usd), end in zip(self.tiers, ends, strict=True):
            total += max(Decimal(0), min(quantity, end) - start) * usd / self.per
        return total


@dataclass(frozen=True, slots=True)
class Prices:
    """Google Cloud's prices on the day `as_of`, by item."""

    as_of: date
    currency: str
    region: str
    sources: Sequence[str]
    items: Mapping[str, Item]


def of_frame(provider: str, kinds: Iterable[str]) -> float:
    """Dollars for showing a frame to a provider that looks for `kinds`, at the price of the month's first.

    A provider that the list does not name costs nothing by the call: it runs here, or on a machine that is billed by
    the hour.
    """
    looked = set(kinds)
    if "label" in looked:
        looked.discard("safe_search")  # Cloud Vision gives it with labels
    items = (prices().items.get(f"{provider}.{kind}") for kind in looked)
    return sum(float(item.cost(1)) for item in items if item)


def of_speech(seconds: float) -> float:
    """Dollars for so many seconds of sound, at the price of the month's first."""
    return float(prices().items["speech.standard"].cost(seconds))


@cache
def prices() -> Prices:
    """The list. Raises ValueError if it is malformed."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(), parse_float=Decimal)
    items = {
        name: Item(item["unit"], item["per"], [(tier["from"], Decimal(tier["usd"])) for tier in item["tiers"]])
        for name, item in table["item"].items()
    }
    for name, item in items.items():
        if item.tiers[0][0] != 0 or any(a >= b for (a, _), (b, _) in pairwise(item.tiers)):
            raise ValueError(f"prices.toml: the tiers of {name!r} must rise from 0")
    return Prices(table["as_of"], table["currency"], table["region"], table["sources"], items)
