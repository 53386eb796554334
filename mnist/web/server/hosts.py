"""The names by which this server may be asked for.

A page whose own name is made to point to this machine (DNS rebinding) belongs to the same server, as browsers see it,
and could use this one as its visitor could. So names that anybody can register have to be listed.
"""

import ipaddress
import logging
import os
import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mnist.errors import UserError
from mnist.web.public_url import public_url

log = logging.getLogger(__name__)
ALLOWED_HOSTS = "ALLOWED_HOSTS"  # in the environment: names, with spaces between them; *.example.org for all below one
LISTED_NAME = re.compile(r"\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*")
LOCAL_ENDINGS = (".localhost", ".local")  # RFC 6761 and 6762: nobody can register such a name
MAX_NAME_CHARACTERS = 253  # RFC 1035
REFUSAL = (
    "This server does not know itself by the name “{name}”. If it is yours, start it with {setting}={name}, or let the "
    "proxy in front of it pass on another Host."
)


def listed_names() -> frozenset[str]:
    """Return the names that PUBLIC_URL and ALLOWED_HOSTS in the environment list, in lower case.

    Raises UserError if PUBLIC_URL is no address, or ALLOWED_HOSTS contains what is no name.
    """
    names = os.environ.get(ALLOWED_HOSTS, "").lower().split()
    if wrong := [name for name in names if not LISTED_NAME.fullmatch(name)]:
        raise UserError(
            f"{ALLOWED_HOSTS} contains “{wrong[0]}”, which is not a name like digits.example.org or *.example.org. "
            "List one or more, separated by spaces, without https:// in front and without a port"
        )
    public = public_url()
    return frozenset([*names, name_of(public.netloc)] if public else names)


def name_of(host: str) -> str:
    """Return the name in a Host header, in lower case, without port, brackets and the root's dot."""
    name = host.rpartition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower().rstrip(".")


def asked_for(headers: Headers) -> list[str]:
    """Return the hosts that were asked for: of this server, and of the first proxy in front of it."""
    forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip()
    return [host for host in (headers.get("host", ""), forwarded) if host]


def is_listed(name: str, listed: frozenset[str]) -> bool:
    """Tell whether a name, or *. and the end of it, is among those listed."""
    endings = name.split(".")
    return not {name, "*", *("*." + ".".join(endings[start:]) for start in range(1, len(endings)))}.isdisjoint(listed)


def is_known(name: str, listed: frozenset[str]) -> bool:
    """Tell whether a name is an address, a name of a local network, or listed."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(LOCAL_ENDINGS) or is_listed(name, listed)
    return True


class HostsMiddleware:
    """Refuses requests and WebSockets for a name that is not known, with a sentence that says what to set."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._listed = listed_names()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it; a proxy's X-Forwarded-Host has to be known as well."""
        headers = Headers(scope=scope) if scope["type"] != "lifespan" else Headers()
        asked = [name_of(host) for host in asked_for(headers)]
        unknown = next((name for name in asked if not is_known(name, self._listed)), None)
        if unknown is None:
            await self._app(scope, receive, send)
            return
        name = unknown[:MAX_NAME_CHARACTERS]
        log.warning("a request was refused: it asked for %r; %s lists the names of this server", name, ALLOWED_HOSTS)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # RFC 6455: policy violation
        else:  # RFC 9110, 15.5.20: misdirected request
            answer = PlainTextResponse(REFUSAL.format(name=name, setting=ALLOWED_HOSTS), 421)
            await answer(scope, receive, send)
