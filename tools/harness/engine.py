"""The engine that runs the image: `docker`, or the program that CONTAINER_ENGINE names."""

import os
import shlex
import shutil
import subprocess

from mnist.files import ROOT
from tools.harness.running import NotReadyError, wait_until

# the options of a careful administrator
BARE = (
    *("--user", "12345:12345", "--read-only", "--tmpfs", "/tmp", "--network", "none", "--memory", "1g"),  # noqa: S108
    *("--cap-drop", "all", "--security-opt", "no-new-privileges"),
)

# the statuses of `docker run` where the engine failed, or could not start the program
NOT_RUN = (125, 126)


class Engine:
    """The command line of Docker, or of a program that is used alike; and the image, which CONTAINER_IMAGE may name."""

    def __init__(self, reader: bool = False) -> None:
        self._command = shlex.split(os.environ.get("CONTAINER_ENGINE", "docker"))
        self._target = ["--target", "reader"] if reader else []
        self.image = os.environ.get("CONTAINER_IMAGE", "mnist-draw:test") + "-reader" * reader

    @property
    def works(self) -> bool:
        """True if the engine is installed and answers."""
        return shutil.which(self._command[0]) is not None and self("info", check=False).returncode == 0

    def build(self) -> None:
        """Build the image, unless CONTAINER_IMAGE names one that is there."""
        if "CONTAINER_IMAGE" not in os.environ:
            command = [*self._command, "build", "--quiet", *self._target, "--tag", self.image, str(ROOT)]
            subprocess.run(command, check=True, timeout=1800)

    def __call__(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run `docker ARGUMENTS`. Raises AssertionError if that fails and `check` is set."""
        done = subprocess.run([*self._command, *arguments], input=stdin, capture_output=True, check=False, timeout=600)
        assert not (check and done.returncode), f"{' '.join(arguments)}: {done.stderr.decode()}"
        return done

    def start(self, *arguments: str) -> None:
        """Start a container: `docker run --detach ARGUMENTS IMAGE`."""
        self.in_background("run", "--detach", "--pull", "never", *arguments, self.image)

    def in_background(self, *arguments: str) -> None:
        """Run `docker ARGUMENTS` that leave a container running, without pipes: its watcher would keep them open."""
        command = [*self._command, *arguments]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=60)

    def run(self, *words: str, options: tuple[str, ...] = (), stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run the words in a container of the image that is gone afterwards; return the result, whatever its status.

        Raises AssertionError, with what the engine said, if it could not run them.
        """
        done = self("run", "--rm", "--pull", "never", "-i", *options, self.image, *words, stdin=stdin, check=False)
        assert done.returncode not in NOT_RUN, f"{' '.join(words)}: {done.stderr.decode()}"
        return done

    def until_ready(self, name: str) -> None:
        """Wait until the container's own health check passes. Raises NotReadyError with the container's log."""
        command = ("exec", name, "python", "-m", "mnist.web.server.healthcheck")
        try:
            wait_until(lambda: self(*command, check=False).returncode == 0)
        except NotReadyError as error:
            raise NotReadyError(self("logs", name).stdout.decode()) from error
