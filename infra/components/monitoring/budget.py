"""A budget for each month: it alerts, and stops nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import billing, organizations

from ..project.cloud import Cloud, Component


class Budget(Component):
    """Alerts at half, nine tenths and all of `amount`, and once the month is forecast to exceed it.

    They go to billing's administrators by mail, and to `channels`.
    """

    def __init__(
        self, name: str, cloud: Cloud, *, account: str, amount: int, channels: Sequence[pulumi.Input[str]]
    ) -> None:
        """`account` is the billing account's id; `amount` is in its currency."""
        super().__init__(name, cloud)
        enabled = cloud.enable("billingbudgets")
        number = organizations.get_project_output(
            project_id=cloud.project, opts=pulumi.InvokeOutputOptions(provider=cloud.provider)
        ).number
        billing.Budget(
            name,
            billing_account=account,
            display_name=f"Media Analyzer ({cloud.stack})",
            amount=billing.BudgetAmountArgs(
                specified_amount=billing.BudgetAmountSpecifiedAmountArgs(units=str(amount))
            ),
            budget_filter=billing.BudgetBudgetFilterArgs(projects=[pulumi.Output.concat("projects/", number)]),
            threshold_rules=[
                billing.BudgetThresholdRuleArgs(threshold_percent=0.5),
                billing.BudgetThresholdRuleArgs(threshold_percent=0.9),
                billing.BudgetThresholdRuleArgs(threshold_percent=1.0),
                billing.BudgetThresholdRuleArgs(threshold_percent=1.0, spend_basis="FORECASTED_SPEND"),
            ],
            all_updates_rule=billing.BudgetAllUpdatesRuleArgs(monitoring_notification_channels=list(channels))
            if channels
            else None,
            opts=self.child(enabled),
        )
        self.register_outputs({})
