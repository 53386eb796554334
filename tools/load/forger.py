"""A visitor who sends what no page would: any value for any widget, any message."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tools.harness.session import MAX_ANSWER_SECONDS, Session


@dataclass
class Forger(Session):
    """A session that notes what the page shows: `widgets` has the fragment of each widget's id, `said` the texts."""

    widgets: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    async def forge(self, *states: WidgetState, fragment: bool = True, **client_state: Any) -> None:
        """Send these states of widgets and wait until the run has ended."""
        message = self._rerun(self.widgets.get(states[0].id, "") if fragment and states else "", *states)
        for name, value in client_state.items():
            setattr(message.rerun_script, name, value)
        await self.send(message.SerializeToString())

    async def send(self, content: bytes | str) -> None:
        """Send a message as it stands; wait until its run has ended, or the server has closed the connection."""
        self.said.clear()
        with contextlib.suppress(websockets.ConnectionClosed):
            await self.whisper(content)
            await asyncio.wait_for(self._until_finished(), MAX_ANSWER_SECONDS)

    @property
    def open_still(self) -> bool:
        """Whether the server has kept the connection."""
        return self._socket is not None and self._socket.state is websockets.State.OPEN

    def _take(self, message: ForwardMsg) -> set[str]:
        element = message.delta.new_element
        shown = getattr(element, str(element.WhichOneof("type")))
        if getattr(shown, "id", ""):
            self.widgets[shown.id] = message.delta.fragment_id
        self.said.append(str(getattr(shown, "body", "")))
        return super()._take(message)
