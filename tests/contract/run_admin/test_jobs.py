"""Google's unpatched client of Cloud Run's Admin API against the emulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import psutil
import pytest
from google.api_core import exceptions
from google.cloud import run_v2
from google.cloud.run_v2.services.services.transports import ServicesGrpcTransport
from tests.contract.run_admin.conftest import PARENT, Emulator
from tests.wait import until

Job = Callable[..., str]
Override = run_v2.RunJobRequest.Overrides.ContainerOverride


def with_overrides(job: str, **overrides: Any) -> run_v2.RunJobRequest:
    return run_v2.RunJobRequest(name=job, overrides=run_v2.RunJobRequest.Overrides(**overrides))


def completed(execution: run_v2.Execution) -> run_v2.Condition:
    return next(condition for condition in execution.conditions if condition.type_ == "Completed")


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # there may be no parent to wait for it
    except psutil.NoSuchProcess:
        return False


def test_an_execution_runs_the_command_with_what_was_declared_and_what_the_platform_gives(
    emulator: Emulator, job: Job
) -> None:
    name = job("import os, sys; print(sorted(k for k in os.environ if k != 'LC_CTYPE'), sys.argv[1:])")
    operation = emulator.jobs.run_job(name=name)
    started = operation.metadata
    assert started.name.startswith(f"{name}/executions/")
    done = operation.result(timeout=60)
    assert (done.name, done.succeeded_count, done.failed_count) == (started.name, 1, 0)
    assert completed(cast(run_v2.Execution, done)).state == run_v2.Condition.State.CONDITION_SUCCEEDED
    assert done.completion_time >= done.start_time >= done.create_time
    platform = ["CLOUD_RUN_EXECUTION", "CLOUD_RUN_JOB", "CLOUD_RUN_TASK_ATTEMPT", "CLOUD_RUN_TASK_COUNT"]
    assert f"{sorted([*platform, 'CLOUD_RUN_TASK_INDEX', 'DECLARED', 'PATH'])} ['given']" in emulator.log(
        name.rsplit("/", 1)[-1]
    )


def test_overrides_hold_for_one_execution_and_can_be_read_from_it(emulator: Emulator, job: Job) -> None:
    name = job("import os, sys; print(os.environ['DECLARED'], sys.argv[1:])")
    override = Override(args=["a b", "c"], env=[run_v2.EnvVar(name="DECLARED", value="no")])
    done = emulator.jobs.run_job(with_overrides(name, container_overrides=[override])).result(timeout=60)
    assert list(done.template.containers[0].args) == ["a b", "c"]
    emulator.jobs.run_job(with_overrides(name, container_overrides=[Override(clear_args=True)])).result(timeout=60)
    emulator.jobs.run_job(name=name).result(timeout=60)
    lines = [line.split(" ", 1)[1] for line in emulator.log(name.rsplit("/", 1)[-1]).splitlines() if "---" not in line]
    assert lines == ["no ['a b', 'c']", "yes []", "yes ['given']"]


def test_a_task_that_fails_is_tried_again_and_the_operation_says_how_it_ended(emulator: Emulator, job: Job) -> None:
    name = job("import os, sys; sys.exit(3 if os.environ['CLOUD_RUN_TASK_ATTEMPT'] < '2' else 0)", max_retries=2)
    done = emulator.jobs.run_job(name=name).result(timeout=60)
    assert (done.retried_count, done.succeeded_count, done.failed_count) == (2, 1, 0)


def test_a_task_that_goes_on_failing_fails_the_operation(emulator: Emulator, job: Job) -> None:
    operation = emulator.jobs.run_job(name=job("raise SystemExit(3)", max_retries=1))
    with pytest.raises(exceptions.GoogleAPICallError, match=r"task0 failed with message: .* exited with code 3"):
        operation.result(timeout=60)
    found = emulator.executions.get_execution(name=operation.metadata.name)
    assert (found.failed_count, found.retried_count) == (1, 1)
    assert completed(found).state == run_v2.Condition.State.CONDITION_FAILED


def test_a_task_is_told_to_end_when_its_time_is_up(emulator: Emulator, job: Job) -> None:
    name = job("import time; print('up'); time.sleep(600)", timeout=1)
    with pytest.raises(exceptions.GoogleAPICallError, match="exceeded its timeout"):
        emulator.jobs.run_job(name=name).result(timeout=60)


def test_a_task_that_holds_more_memory_than_declared_is_ended(emulator: Emulator, job: Job) -> None:
    name = job("import time; held = bytearray(b'x') * (200 << 20); time.sleep(600)", memory=100 << 20)
    with pytest.raises(exceptions.GoogleAPICallError, match="exceeded 100 MiB of memory with"):
        emulator.jobs.run_job(name=name).result(timeout=60)


def test_cancelling_ends_the_process_and_its_children(emulator: Emulator, job: Job) -> None:
    program = (
        "import subprocess, time; p = subprocess.Popen(['sleep', '600']); print('child', p.pid, 'is up'); p.wait()"
    )
    name = job(program, max_retries=3)
    operation = emulator.jobs.run_job(name=name)
    log = emulator.folder / "logs" / f"{name.rsplit('/', 1)[-1]}.log"
    until(lambda: log.exists() and "is up" in log.read_text(), 60, "the start of the child")
    emulator.executions.cancel_execution(name=operation.metadata.name)
    with pytest.raises(exceptions.Cancelled):
        operation.result(timeout=60)
    child = int(emulator.log(name.rsplit("/", 1)[-1]).split("child ")[1].split()[0])
    assert not lives(child)
    found = emulator.executions.get_execution(name=operation.metadata.name)
    assert (found.cancelled_count, found.retried_count) == (1, 0)
    assert completed(found).execution_reason == run_v2.Condition.ExecutionReason.CANCELLED
    with pytest.raises(exceptions.FailedPrecondition):
        emulator.executions.cancel_execution(name=operation.metadata.name)


def test_executions_are_listed_newest_first_in_pages(emulator: Emulator, job: Job) -> None:
    name = job("pass")
    started = [emulator.jobs.run_job(name=name).metadata.name for _ in range(3)]
    pages = emulator.executions.list_executions(run_v2.ListExecutionsRequest(parent=name, page_size=2))
    assert [execution.name for execution in pages] == started[::-1]
    assert emulator.jobs.get_job(name=name).execution_count == 3


def test_what_does_not_exist_or_is_malformed_is_refused_as_google_does(emulator: Emulator, job: Job) -> None:
    with pytest.raises(exceptions.NotFound, match="kind 'JOB'"):
        emulator.jobs.run_job(name=f"{PARENT}/jobs/none")
    with pytest.raises(exceptions.NotFound, match="kind 'EXECUTION'"):
        emulator.executions.get_execution(name=f"{PARENT}/jobs/none/executions/none")
    with pytest.raises(exceptions.InvalidArgument):
        emulator.jobs.run_job(name="none")
    with pytest.raises(exceptions.InvalidArgument, match="no container named"):
        emulator.jobs.run_job(with_overrides(job("pass"), container_overrides=[Override(name="other")]))


def test_any_other_call_is_refused_by_name(emulator: Emulator) -> None:
    with pytest.raises(exceptions.MethodNotImplemented, match=r"google\.cloud\.run\.v2\.Jobs/ListJobs is not emulated"):
        list(emulator.jobs.list_jobs(parent=PARENT))
    services = run_v2.ServicesClient(transport=ServicesGrpcTransport(channel=emulator.channel))
    with pytest.raises(exceptions.MethodNotImplemented, match=r"Services/DeleteService is not emulated"):
        services.delete_service(name=f"{PARENT}/services/none")
