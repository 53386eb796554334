"""`python -m mnist.web.server.healthcheck`: the container's own question whether it can read a digit yet."""

import sys
import urllib.error
import urllib.request

READY = "http://127.0.0.1:8501/ready"


def main(url: str = READY) -> int:
    """0 where the server answers that it is ready, else 1 and a line that says why."""
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
