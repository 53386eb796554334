"""The container's health check, `python -m mnist.web.server.healthcheck`: can the server read digits yet?"""

import sys
import urllib.error
import urllib.request

READY_URL = "http://127.0.0.1:8501/ready"


def main(url: str = READY_URL) -> int:
    """Return 0 if the server says that it is ready; else print why not and return 1."""
    try:
        with urllib.request.urlopen(url, timeout=4) as answer:  # noqa: S310 - the address is ours
            answer.read()
    except urllib.error.HTTPError as error:
        print(error.read().decode(errors="replace"), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{url}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
