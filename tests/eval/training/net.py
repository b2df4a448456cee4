"""The judge's network in torch, its training, and its weights as the matcher reads them."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from pipeline.detection.logos.judge import FACTS, LAYERS, SIDE
from pipeline.detection.logos.model import Floats

WIDTHS = (3, 16, 32, 48, 64)
HIDDEN = 32
EPOCHS, BATCH, RATE = 8, 128, 2e-3


class Net(nn.Module):
    """Convolutions, a hidden layer, and the facts beside it."""

    def __init__(self, facts: Floats) -> None:
        super().__init__()
        self.center = torch.tensor(facts.mean(axis=0))
        self.deviation = torch.tensor(facts.std(axis=0) + 1e-3)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(WIDTHS[n], WIDTHS[n + 1], side, stride, side // 2) for n, (side, stride) in enumerate(LAYERS)
        )
        self.hidden = nn.Linear(WIDTHS[-1] * (SIDE // 8) ** 2, HIDDEN)
        self.last = nn.Linear(HIDDEN + FACTS, 1)

    def forward(self, planes: torch.Tensor, facts: torch.Tensor) -> torch.Tensor:
        """Logits (n,)."""
        for convolution in self.convolutions:
            planes = torch.relu(convolution(planes))
        flat = nn.functional.dropout(planes.permute(0, 2, 3, 1).flatten(1), 0.2, self.training)
        beside = (facts - self.center) / self.deviation
        return self.last(torch.cat([torch.relu(self.hidden(flat)), beside], dim=1))[:, 0]


def trained(planes: Floats, facts: Floats, right: Floats, seed: int) -> Net:
    """A net after EPOCHS over the views, mirrored and turned upside down at random."""
    torch.manual_seed(seed)
    net = Net(facts)
    tensors = torch.tensor(planes), torch.tensor(facts), torch.tensor(right)
    steps = EPOCHS * (len(right) // BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1)
    for epoch in range(EPOCHS):
        total = 0.0
        for some in torch.randperm(len(right))[: len(right) // BATCH * BATCH].split(BATCH):
            shown, beside, truth = (tensor[some] for tensor in tensors)
            for axis in (2, 3):
                if torch.rand(1) < 0.5:
                    shown = shown.flip(axis)
            if torch.rand(1) < 0.5:
                shown = shown.transpose(2, 3)
            loss = nn.functional.binary_cross_entropy_with_logits(net(shown, beside), truth)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: {total / (len(right) // BATCH):.4f}", flush=True)
    return net.eval()


def stored(net: Net) -> dict[str, np.ndarray]:
    """Weights by the names that `judge` reads, as half floats."""
    made: dict[str, np.ndarray] = {"facts.mean": net.center.numpy(), "facts.deviation": net.deviation.numpy()}
    with torch.no_grad():
        for number, convolution in enumerate(net.convolutions):
            assert isinstance(convolution, nn.Conv2d)
            weight = convolution.weight.permute(2, 3, 1, 0).reshape(-1, WIDTHS[number + 1])
            made |= {f"conv{number}.weight": weight.numpy(), f"conv{number}.bias": convolution.bias.numpy()}
        for name, layer in (("hidden", net.hidden), ("last", net.last)):
            made |= {f"{name}.weight": layer.weight.T.numpy(), f"{name}.bias": layer.bias.numpy()}
    return {name: array.astype(np.float16) for name, array in made.items()}
