"""Analysis settings, of `config/analysis` and of a stream, which overrides it field by field: parsing. Pure.

{"kinds": ["logo"], "providers": {"logo": ["clip", "gallery"]}, "threshold": {"logo": 0.6}, "brands": ["nike"],
 "sampling": {"maximum_interval": 10}, "places": {"clip": "http://gpu.lan:8080"},
 "speech": {"enabled": true, "languages": ["en-US"]}, "words": {"object": ["forklift", "hard hat"]},
 "own_providers": {"clip-large": {"type": "clip", "address": "https://clip.example"}}}

Providers are in order of preference: the next one serves while those before it fail or cost more than the budget. A
field that is left out has the deployment's default, or for a stream the value of `config/analysis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from .errors import BadRequest
from .model import AnalysisSettings, Kind, OwnProvider, SpeechSettings
from .providers import PROVIDERS
from .shapes import given, must, optional, read

SAMPLING: Mapping[str, tuple[float, float]] = {
    "looks_per_second": (0.2, 30.0),  # frames compared
    "minimum_interval": (0.1, 3600.0),  # s between frames sent on
    "maximum_interval": (0.1, 3600.0),  # s after which one is sent on unchanged
    "follow_interval": (0.1, 3600.0),  # s after which one is sent on while things move
    "change": (0.0, 1.0),  # share of the picture from which on something came into it
    "calls_per_hour": (1.0, 36000.0),  # frames sent on in an hour, at most
}
"""The settings of sampling, each with its least and its greatest value."""

NOTICED_SECONDS = 2.0
"""Until a change is noticed: half a frame's interval, so that a new brand is seen on the next frame but one."""

_MAX_BRANDS = 200
_MAX_OWN = 16
_MAX_PROVIDERS = len(PROVIDERS) + _MAX_OWN  # in a list
PROVIDER_NAME = r"^[a-z][a-z0-9-]{0,30}$"
_NAME = re.compile(PROVIDER_NAME.removeprefix("^").removesuffix("$"))
_TAKEN = {*PROVIDERS, "speech"}  # names of providers/{provider}
_MAX_LANGUAGES = 4
WORDED = (Kind.OBJECT, Kind.LABEL)
"""The kinds of which words can say what is looked for."""
_MAX_WORDS, _MAX_CHARACTERS = 100, 100
_KINDS = ", ".join(Kind)


def _able(kind: Kind) -> tuple[str, ...]:
    return tuple(name for name, one in PROVIDERS.items() if kind in one.kinds)


def _wanted(kind: Kind) -> str:
    return f"be a list of any of {', '.join(_able(kind))}, or own providers that can, the preferred one first"


def _preferred(kind: Kind) -> Any:
    """Providers that can look for `kind`. Which own ones there are is checked by `settings`."""
    unable = "|".join(name for name in PROVIDERS if name not in _able(kind))
    name = PROVIDER_NAME.replace("^", f"^(?!(?:{unable})$)") if unable else PROVIDER_NAME
    one = Annotated[str, Meta(extra_json_schema={"pattern": name})]
    return Annotated[list[one], must(_wanted(kind), min_length=1, max_length=_MAX_PROVIDERS)]


Share = Annotated[float, Meta(ge=0, le=1)]
Kinds = Annotated[list[Kind], must(f"be a list of any of {_KINDS}", description="none: the default")]
_LANGUAGE = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*(?!\n)$")]  # Google knows which there are
_LANGUAGES = Annotated[
    list[_LANGUAGE],
    must(
        f"be a list of at most {_MAX_LANGUAGES} languages, such as en-US",
        max_length=_MAX_LANGUAGES,
        description="as BCP 47 names them, such as en-US; of several, the one that is spoken is found out",
    ),
]
_ENDPOINT = "be an address such as https://clip.example or http://10.0.0.5:8080"
_ADDRESS = r"^https?://[A-Za-z0-9.-]+(:[1-9][0-9]{0,3}|:[1-5][0-9]{4})?(/[A-Za-z0-9._~/-]*)?$"  # of most services
_REMOTE = [name for name, one in PROVIDERS.items() if one.remote]
_WORDS = Annotated[
    list[Annotated[str, Meta(pattern=rf"^[^\s\x00-\x1f][^\x00-\x1f]{{0,{_MAX_CHARACTERS - 1}}}$")]],
    must(
        f"be a list of at most {_MAX_WORDS} texts of 1 to {_MAX_CHARACTERS} characters",
        max_length=_MAX_WORDS,
        description="such as `hard hat`; none: those of the deployment",
    ),
]
_STREAM: Mapping[str, Any] = {
    "kinds": Kinds,
    "providers": Annotated[
        optional("Providers", {kind.value: _preferred(kind) for kind in Kind}),
        Meta(description="for each kind, the preferred provider first; the next one serves while those before it fail"),
    ],
    "threshold": Annotated[
        Share | optional("Threshold", dict.fromkeys(map(str, Kind), Share)),
        Meta(description="confidence from which on a detection is kept; one number is for every kind"),
    ],
    "brands": Annotated[
        list[str],
        must(
            f"be a list of at most {_MAX_BRANDS} brands' ids or names",
            max_length=_MAX_BRANDS,
            description="ids or names; none: all that are enabled",
        ),
    ],
    "sampling": Annotated[
        optional("Sampling", {name: Annotated[float, Meta(ge=a, le=b)] for name, (a, b) in SAMPLING.items()}),
        Meta(description="intervals in seconds"),
    ],
    "speech": Annotated[
        Speech := optional("Speech", {"enabled": bool, "languages": _LANGUAGES}),
        Meta(description="whether what is said is transcribed"),
    ],
    "words": Annotated[
        optional("Words", dict.fromkeys(map(str, WORDED), _WORDS)),
        Meta(description="the objects that `owl` looks for, and the scenes (`label`) that `clip` tells apart"),
    ],
}
_PLACE = Annotated[str, must(_ENDPOINT, max_length=500, extra_json_schema={"pattern": _ADDRESS})]
_ENDPOINTS = optional("Endpoints", dict.fromkeys(_REMOTE, _PLACE))
_MORE = tuple(name for name, one in PROVIDERS.items() if one.more)
_KEY = must("be a string of 1 to 500 characters", min_length=1, max_length=6000)  # sealed it is longer
_OWN: Mapping[str, Any] = {
    "type": Annotated[Literal[_MORE], Meta(description="the kind of provider; each needs one")],
    "address": Annotated[_PLACE, Meta(description="where it runs, if its type is a service")],
    "model": Annotated[
        str,
        must(
            "be a string of 1 to 200 characters",
            min_length=1,
            max_length=200,
            description="that must run there; the answers of another are refused",
        ),
    ],
    "threshold": Annotated[Share, Meta(description="nothing below it counts, whatever the stream or the brand says")],
    "key": Annotated[
        str,
        _KEY,
        Meta(
            description="that the service wants; kept sealed, and never answered", extra_json_schema={"writeOnly": True}
        ),
    ],
}
_OWN_PROVIDERS = Annotated[
    dict[str, optional("OwnProvider", _OWN) | None],
    Meta(max_length=_MAX_OWN, description="more providers, by names of a-z, 0-9 and '-'"),
]


class StreamSettings(optional("StreamSettings", _STREAM)):
    """The shape of a stream's settings. Each field may be left out, or null, which is the same."""


class Settings(optional("Settings", {**_STREAM, "places": _ENDPOINTS, "own_providers": _OWN_PROVIDERS})):
    """The shape of the deployment's settings, with the addresses of its providers and those that it adds."""


def parse(value: Any, name: str, *, endpoints: bool = True) -> AnalysisSettings:
    """Settings that were sent or stored under `name`; null counts as left out. Raises BadRequest naming the field."""
    return settings(read(value, Settings if endpoints else StreamSettings, name), name)


def check_providers(stream: AnalysisSettings, deployment: AnalysisSettings, name: str) -> None:
    """Raises BadRequest, naming the field, for a provider of a stream's settings that the deployment has not."""
    _check_listed(stream.providers, deployment.own_providers, f"{name}.")


def settings(checked: Struct, name: str) -> AnalysisSettings:
    """Settings of the right shape, once they agree with one another. Raises BadRequest naming the field."""
    said = given(checked)
    of = f"{name}." if name else ""
    threshold: Any = said.get("threshold", {})
    own = {one: _own(fields, f"{of}own_providers.{one}", one) for one, fields in said.get("own_providers", {}).items()}
    listed = {Kind(kind): tuple(dict.fromkeys(names)) for kind, names in said.get("providers", {}).items()}
    _check_listed(listed, own if isinstance(checked, Settings) else None, of)
    return AnalysisSettings(
        kinds(said.get("kinds", ())),
        listed,
        {Kind(kind): float(one) for kind, one in threshold.items()}
        if isinstance(threshold, dict)
        else dict.fromkeys(Kind, float(threshold)),
        tuple(dict.fromkeys(said.get("brands", ()))),
        _sampling(said.get("sampling", {}), f"{of}sampling"),
        {provider: _endpoint(url, f"{of}places.{provider}") for provider, url in said.get("places", {}).items()},
        _speech(said.get("speech", {})),
        own,
        {Kind(kind): tuple(dict.fromkeys(words)) for kind, words in said.get("words", {}).items() if words},
    )


def _check_listed(listed: Mapping[Kind, Iterable[str]], own: Mapping[str, OwnProvider] | None, of: str) -> None:
    """`own` is None where it is not known which there are."""
    for kind, names in listed.items():
        for name in names:
            known = PROVIDERS.get(own[name].type if own and name in own else name)
            right = kind in known.kinds if known else own is None and _NAME.fullmatch(name)
            if not right:
                raise BadRequest(f"'{of}providers.{kind.value}' must {_wanted(kind)}; {name[:80]!r} is none")


def _own(said: Mapping[str, Any], field: str, name: str) -> OwnProvider:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise BadRequest(
            f"invalid name {name[:80]!r} in 'own_providers': expected 1 to 31 of a-z, 0-9 and '-', a letter first, and "
            f"none of {', '.join(sorted(_TAKEN))}"
        )
    if "type" not in said:
        raise BadRequest(f"'{field}.type' must be one of {', '.join(_MORE)}")
    remote = PROVIDERS[said["type"]].remote
    if remote and "address" not in said:
        raise BadRequest(f"'{field}.address' must {_ENDPOINT}: a {said['type']} is a service")
    for one in ("address", "model", "key"):
        if one in said and not remote:
            raise BadRequest(f"'{field}.{one}' must be left out: a {said['type']} runs inside detect")
    address = _endpoint(said["address"], f"{field}.address") if remote else ""
    return OwnProvider(said["type"], address, said.get("model", ""), said.get("threshold"), said.get("key", ""))


def kinds(listed: Iterable[str]) -> tuple[Kind, ...]:
    """Kinds of detections, each once."""
    return tuple(dict.fromkeys(map(Kind, listed)))


def speech(value: Any, name: str) -> SpeechSettings:
    """The settings of transcription: on or off, and the languages. Raises BadRequest naming the field."""
    return _speech(given(read(value, Speech, name)))


def _speech(said: Mapping[str, Any]) -> SpeechSettings:
    return SpeechSettings(said.get("enabled"), tuple(dict.fromkeys(said.get("languages", ()))))


def _sampling(said: Mapping[str, float], name: str) -> dict[str, float]:
    if said.get("minimum_interval", 0.0) > said.get("maximum_interval", float("inf")):
        raise BadRequest(f"'{name}.minimum_interval' must not be longer than '{name}.maximum_interval'")
    return {setting: float(number) for setting, number in said.items()}


def _endpoint(address: str, name: str) -> str:
    """An address of a web server, without secrets and without a slash at its end."""
    try:
        url = urlsplit(address)
        right = url.scheme in ("http", "https") and url.hostname and "@" not in url.netloc
        right = right and not url.query and not url.fragment and (url.port is None or url.port > 0)
    except ValueError:  # a malformed port or address
        right = False
    if not right:
        raise BadRequest(f"'{name}' must {_ENDPOINT}")
    return address.rstrip("/")
