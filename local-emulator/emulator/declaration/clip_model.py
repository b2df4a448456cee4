"""The models of a local stack's CLIP service: `LOCAL_CLIP`, and beside it `LOCAL_OWL`, is 1 (the tests' tiny model), a
folder, or a name on Hugging Face that may end in @ and a revision.

A model that has a name is fetched once, to `.local/cache/clip/`: the service itself finds a folder and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import Unrealisable
from ..paths import CACHE, ROOT

TINY = ROOT / "tests" / "fixtures" / "tiny-clip"
_TINY = {"LOCAL_CLIP": TINY, "LOCAL_OWL": ROOT / "tests" / "fixtures" / "tiny-owl"}
_UNUSED = ["*.h5", "*.msgpack", "*.onnx", "*.ot", "*.tflite", "onnx/*", "coreml/*"]  # other frameworks' weights
_WHOLE = ".whole"  # a fetch that broke off leaves none


def clip_model(wanted: str, say: Callable[[str], None], cache: Path = CACHE, variable: str = "LOCAL_CLIP") -> Path:
    """The folder of the model that `variable` names as `wanted`. Raises Unrealisable."""
    if wanted == "1":
        return _TINY[variable]
    folder = Path(wanted).expanduser().absolute()
    if (folder / "config.json").is_file():
        return folder
    if folder.is_dir():
        raise Unrealisable(f"{variable}={wanted}: the folder holds no config.json, so no model of Hugging Face")
    fetched = cache / "clip" / wanted.replace("/", "--")
    if not (fetched / _WHOLE).exists():
        say(f"fetching {wanted} from Hugging Face to {fetched}: some hundred megabytes, once")
        _fetch(variable, wanted, fetched)
    return fetched


def _fetch(variable: str, name: str, folder: Path) -> None:
    from huggingface_hub import snapshot_download  # comes with torch's friends: not needed by other stacks
    from huggingface_hub.errors import HFValidationError

    repository, _, revision = name.partition("@")
    try:
        snapshot_download(repository, revision=revision or None, local_dir=folder, ignore_patterns=_UNUSED)
    except (OSError, HFValidationError) as error:  # what its HTTP client raises is an OSError too
        reason = str(error).strip().splitlines()
        raise Unrealisable(
            f"{variable}={name} is neither a folder here nor a model that Hugging Face gives: "
            f"{reason[0] if reason else type(error).__name__}"
        ) from error
    (folder / _WHOLE).touch()
