"""Another run of the page when its connection comes back."""

from mnist.web.components import component

_reconnection = component.register("reconnection")


def run_again() -> None:
    """Run the page again whenever its connection to the server is lost and found; cannot be seen."""
    _reconnection(key="reconnection", on_again_change=lambda: None)
