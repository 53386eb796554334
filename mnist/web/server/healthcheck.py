"""The container's health check, `python -m mnist.web.server.healthcheck`: can the server read digits yet?

It asks the port that the image exposes; docs/container-course.md says how to have another one outside.
"""

import sys
import urllib.error
import urllib.request

READY_URL = "http://127.0.0.1:8501/ready"
_WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever the environment names


def problem() -> str | None:
    """Return why the server is not ready, or None if it is."""
    try:
        with _WITHOUT_PROXY.open(READY_URL, timeout=4) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace")
    except OSError as error:
        return f"{READY_URL}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(problem())  # a sentence goes to stderr, with status 1
