"""Where a new project can be deployed: not every region lets it build functions, and fewer have GPUs."""

from __future__ import annotations

# https://cloud.google.com/build/docs/locations, "Restricted regions": where new projects may use Cloud Build.
BUILDS = (
    *("asia-east1", "australia-southeast1", "europe-west1"),
    *("southamerica-east1", "us-central1", "us-west2"),
)
# https://cloud.google.com/run/docs/configuring/services/gpu, "Supported regions", without those by invitation.
GPUS = ("asia-southeast1", "europe-west1", "europe-west4", "us-central1", "us-east4")


def check(region: str, *, gpu: bool, trusted: bool) -> None:
    """Raises ValueError where functions cannot be built in `region`, or a wanted GPU is not there.

    `trusted`: the setting anyRegion, which says that the project may do both there.
    """
    if trusted:
        return
    fitting = [one for one in BUILDS if not gpu or one in GPUS]
    if region in fitting:
        return
    lacks = "new projects may not use Cloud Build, which builds the functions"
    if region in BUILDS:
        lacks = "Cloud Run has no L4 GPUs, which clipService needs"
    raise ValueError(
        f"region={region!r}: there {lacks}. Choose one of {', '.join(fitting)}; or, where your project may do more, "
        "set anyRegion to true (https://cloud.google.com/build/docs/locations)"
    )
