"""Components of the program: one for each idea."""

from .access.agent import Agent
from .access.app_check import AppCheck
from .access.browser_key import BrowserKey
from .access.identity import Identity
from .access.secret import Secret
from .access.sign_in import Client, SignIn
from .access.signing_key import SigningKey
from .data.bucket import Bucket, Expiry
from .data.database import Database
from .data.static_site import StaticSite
from .events.push import Delivery
from .events.storage_events import StorageEvents
from .events.topic import Topic
from .monitoring.alerts import Alerts
from .monitoring.budget import Budget
from .monitoring.dashboard import Dashboard
from .monitoring.log_metrics import LogMetrics
from .monitoring.uptime import UptimeCheck
from .project.cloud import Cloud
from .project.quota import Quota
from .workloads.dead_letters import DeadLetters
from .workloads.domain import Domain
from .workloads.function import EventFunction, FunctionArgs, PooledFunction, Size
from .workloads.gpu_service import GpuService
from .workloads.image import Image
from .workloads.rtmp_server import RtmpServer
from .workloads.run_job import RunJob
from .workloads.run_service import RunService
from .workloads.schedule import ScheduledFunction
from .workloads.source import Source
from .workloads.workload import Environment

__all__ = [
    "Agent",
    "Alerts",
    "AppCheck",
    "BrowserKey",
    "Bucket",
    "Budget",
    "Client",
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
    "PooledFunction",
    "Quota",
    "RtmpServer",
    "RunJob",
    "RunService",
    "ScheduledFunction",
    "Secret",
    "SignIn",
    "SigningKey",
    "Size",
    "Source",
    "StaticSite",
    "StorageEvents",
    "Topic",
    "UptimeCheck",
]
