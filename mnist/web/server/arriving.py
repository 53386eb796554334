"""How much has come of requests that have not ended: what is announced takes no room, what arrives does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import Message, Receive


class Arriving:
    """Counts the bytes of all requests of one kind, from their first part to their end."""

    def __init__(self) -> None:
        self.size = 0  # bytes, of all of them

    @contextmanager
    def counted(self, receive: Receive, check: Callable[[int], None]) -> Iterator[Receive]:
        """The request's parts, counted; `check` is told its bytes so far and may refuse it by raising."""
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            taken += size
            self.size += size
            check(taken)
            return message

        try:
            yield counted
        finally:
            self.size -= taken
