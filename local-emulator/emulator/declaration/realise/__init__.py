"""Brings the declared resources up on the emulators and as processes: one file per idea.

The order is the one in which a deployment would have to go: buckets, topics, grants, subscriptions, notifications,
objects, rules; then what runs.
"""

from .auth import sign_in
from .context import Context, Present
from .everything import BY_TYPE, check, held_by, processes, wiring
from .machines import nginx_takes_rtmp
from .schedules import schedules as timers
from .workloads import fingerprint, relaid, sources

__all__ = [
    "BY_TYPE",
    "Context",
    "Present",
    "check",
    "fingerprint",
    "held_by",
    "nginx_takes_rtmp",
    "processes",
    "relaid",
    "sign_in",
    "sources",
    "timers",
    "wiring",
]
