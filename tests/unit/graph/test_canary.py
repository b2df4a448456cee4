"""Private names of pulumi that emulator.declaration.graph uses. Update with the pin."""

from __future__ import annotations

import base64
import inspect

import pulumi_gcp.storage
from pulumi import _types, dynamic
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import mocks, rpc, settings, stack

from components.rules_release import ReleaseProvider, RulesRelease
from emulator.declaration.graph import wire


def test_the_stack_can_be_owned() -> None:
    assert callable(stack.Stack._finish)
    assert list(inspect.signature(stack.run_pulumi_func).parameters) == ["func"]
    assert settings.ROOT.name == "root_resource"


def test_the_monitor_can_be_stood_in_for() -> None:
    for name in ("RegisterResource", "RegisterResourceOutputs", "Invoke", "GetDeploymentInfo", "make_urn"):
        assert callable(getattr(mocks.MockMonitor, name)), name
    assert issubclass(mocks.MockSettings, settings.Settings)


def test_the_wire_format_is_the_one_that_is_decoded() -> None:
    assert rpc._special_sig_key == wire.SIGNATURE
    assert rpc._special_secret_sig == wire.SECRET
    assert rpc._special_asset_sig == wire.ASSET
    assert rpc._special_archive_sig == wire.ARCHIVE
    assert rpc._special_resource_sig == wire.REFERENCE
    assert wire.UNKNOWN == rpc.UNKNOWN


def test_a_resource_that_the_program_provides_has_a_type_of_its_own_and_no_secret() -> None:
    parameters = inspect.signature(dynamic.Resource.__init_subclass__).parameters
    assert {"module", "name"} <= parameters.keys()
    assert RulesRelease._resource_type_name == "dynamic/firebaserules:Release"
    assert dynamic.ResourceProvider.serialize_as_secret_always is True, "ours says otherwise"
    assert "components.rules_release" in str(base64.b64decode(serialize_provider(ReleaseProvider())))


def test_the_types_tell_their_properties() -> None:
    names = _types.input_type_py_to_pulumi_names(pulumi_gcp.storage.BucketArgs)
    assert names["uniform_bucket_level_access"] == "uniformBucketLevelAccess"
    assert _types.is_input_type(pulumi_gcp.storage.BucketCorArgs)
