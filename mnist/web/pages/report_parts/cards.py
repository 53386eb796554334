"""The cards of the shipped networks, for the panels."""

import functools
from typing import Any

from mnist.reading.classifier import read_card
from mnist.training.networks import NetworkSpec


@functools.cache
def card(network: NetworkSpec) -> dict[str, Any]:
    """Return the card of a network. Raises UserError if it is missing or damaged."""
    return read_card(network.model)
