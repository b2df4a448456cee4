"""What the program is made of: one component per idea."""

from .alerts import Alerts
from .browser_key import BrowserKey
from .bucket import Bucket, Expiry
from .budget import Budget
from .cloud import Cloud
from .dashboard import Dashboard
from .database import Database
from .dead_letters import DeadLetters
from .domain import Domain
from .function import Environment, EventFunction, FunctionArgs, Size
from .gpu_service import GpuService
from .identity import Identity
from .log_metrics import LogMetrics
from .push import Delivery
from .quota import Quota
from .rtmp_server import RtmpServer
from .run_job import RunJob
from .run_service import Image, RunService
from .schedule import ScheduledFunction
from .secret import Secret
from .signing_key import SigningKey
from .source import Source
from .static_site import StaticSite
from .storage_events import StorageEvents
from .topic import Topic
from .uptime import UptimeCheck

__all__ = [
    "Alerts",
    "BrowserKey",
    "Bucket",
    "Budget",
    "Cloud",
    "Dashboard",
    "Database",
    "DeadLetters",
    "Delivery",
    "Domain",
    "Environment",
    "EventFunction",
    "Expiry",
    "FunctionArgs",
    "GpuService",
    "Identity",
    "Image",
    "LogMetrics",
    "Quota",
    "RtmpServer",
    "RunJob",
    "RunService",
    "ScheduledFunction",
    "Secret",
    "SigningKey",
    "Size",
    "Source",
    "StaticSite",
    "StorageEvents",
    "Topic",
    "UptimeCheck",
]
