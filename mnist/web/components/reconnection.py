"""Another run of the page when its connection comes back."""

from mnist.web.components import component

_reconnection = component.register("reconnection")


def run_again(lost: str) -> None:
    """Run the page again whenever its connection is lost and found; meanwhile the sentence `lost` is shown."""
    _reconnection(key="reconnection", data={"lost": lost}, on_again_change=lambda: None)
