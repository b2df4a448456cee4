"""Regions that take a new project: not every one lets it build functions, and fewer have GPUs."""

from __future__ import annotations

# https://cloud.google.com/build/docs/locations, "Restricted regions": where new projects may use Cloud Build.
BUILDS = (
    *("asia-east1", "australia-southeast1", "europe-west1"),
    *("southamerica-east1", "us-central1", "us-west2"),
)
# https://cloud.google.com/run/docs/configuring/services/gpu, "Supported regions", without those by invitation.
GPUS = ("asia-southeast1", "europe-west1", "europe-west4", "us-central1", "us-east4")


def check(region: str, *, gpu: bool, trusted: bool) -> None:
    """Raises ValueError if functions cannot be built in `region`, or if it lacks a GPU that is wanted.

    `trusted`: the setting anyRegion, by which the project may do both there.
    """
    if trusted:
        return
    fitting = [one for one in BUILDS if not gpu or one in GPUS]
    if region in fitting:
        return
    lacks = "it lets no new project use Cloud Build, which builds the functions"
    if region in BUILDS:
        lacks = "it has no L4 GPUs, which clipService needs"
    raise ValueError(
        f"invalid region={region!r}: {lacks}. Expected one of {', '.join(fitting)}; if your project may do more, set "
        "anyRegion to true (https://cloud.google.com/build/docs/locations)"
    )
