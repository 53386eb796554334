"""`python -m tools.load.measure_floods`: how long ten people wait for their readings while others flood the server.

Each attacker has a WebSocket and sends messages that run the page: five a second, or three thousand in
one piece, again and again, on a new WebSocket whenever the server hangs up. They are in a process of their own on this
machine, and take from its cores as well. Prints a table in Markdown.
"""

import asyncio
import subprocess
import sys
import time

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg

from tools.harness.running import AS_INSTALLED, Server, during
from tools.harness.session import Session
from tools.load import crowd

SECONDS = 20.0
PEOPLE = 10
ATTACKS = ((1, 0.0), (5, 0.0), (20, 0.0), (20, 5.0))  # attackers, messages a second of each (0: all at once)
MESSAGES_AT_ONCE = 3_000
RETRY_SECONDS = 0.2


class Flooder(Session):
    """A visitor who sends more than anybody would."""

    async def flood(self, messages_per_second: float) -> None:
        """Send until the server hangs up."""
        message = BackMsg()
        message.rerun_script.query_string = "a=1"
        content = message.SerializeToString()
        assert self._socket is not None
        frame = bytes([0x82, 0x80 | len(content), 0, 0, 0, 0]) + content  # RFC 6455, 5.2: masked, with a mask of zeros
        while True:
            if messages_per_second:
                await self.whisper(content)
                await asyncio.sleep(1 / messages_per_second)
            else:
                self._socket.transport.write(frame * MESSAGES_AT_ONCE)
                await self._receive()


async def attack(url: str, attackers: int, messages_per_second: float) -> None:
    """Flood a server for ever."""

    async def one() -> None:
        while True:
            try:
                async with Flooder(url) as flooder:
                    await flooder.flood(messages_per_second)
            except (OSError, websockets.ConnectionClosed, websockets.InvalidHandshake):  # it has hung up
                await asyncio.sleep(RETRY_SECONDS)

    await asyncio.gather(*(one() for _ in range(attackers)))


def row(attackers: int, messages_per_second: float) -> str:
    """Measure one attack on a server of its own; return a row of the table."""
    how = f"{messages_per_second:.0f} a second each" if messages_per_second else f"{MESSAGES_AT_ONCE:,} at once"
    with Server(environment=AS_INSTALLED) as server:
        during(crowd.draw_together(server.url, 1, 1.0, 2.0))
        command = [sys.executable, "-m", __spec__.name, server.url, str(attackers), str(messages_per_second)]
        with subprocess.Popen(command) as process:
            try:
                time.sleep(2)
                tally = during(crowd.draw_together(server.url, PEOPLE, 1.0, SECONDS))
                memory = server.memory() / 1e6
            finally:
                process.kill()
    return f"{tally.row(f'{attackers} flooding, {how}')} {memory:.0f} MB |"


def main() -> None:
    """Print the table; with arguments, be the attackers."""
    if len(sys.argv) > 1:
        during(attack(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
    print("| attack | read | median | 95th percentile | longest | misread | lost | server |")
    print("| --- |" + 7 * " ---: |")
    for attackers, messages_per_second in ATTACKS:
        print(row(attackers, messages_per_second), flush=True)


if __name__ == "__main__":
    main()
