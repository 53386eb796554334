"""The files that other programs read, by those programs' own rules: Dockerfiles, compose, Kubernetes, workflows."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mnist.files import ROOT

BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ISSUE_FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


@pytest.mark.parametrize(
    "command",
    [
        "hadolint Dockerfile",
        "hadolint deploy/balancer.Dockerfile",
        "check-jsonschema --builtin-schema vendor.compose-spec compose.yaml",
        "check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml",
        *(f"check-jsonschema --builtin-schema vendor.github-workflows '{path}'" for path in WORKFLOWS),
        *(f"check-jsonschema --builtin-schema vendor.github-issue-forms '{path}'" for path in ISSUE_FORMS),
        "kubernetes-validate --strict deploy/kubernetes.yaml",
        "zizmor --offline .github",
    ],
)
def test_the_programs_that_read_these_files_find_nothing_wrong(command: str) -> None:
    program, *arguments = shlex.split(command)
    done = subprocess.run([BIN / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_kubernetes_asks_for_what_the_image_promises() -> None:
    text = (ROOT / "deploy" / "kubernetes.yaml").read_text()
    objects = {found["kind"]: found for found in yaml.safe_load_all(text)}
    assert set(objects) == {"Deployment", "Service", "Ingress", "PodDisruptionBudget"}
    pod = objects["Deployment"]["spec"]["template"]
    container = pod["spec"]["containers"][0]
    assert container["ports"][0]["containerPort"] == 8501
    assert container["readinessProbe"]["httpGet"]["path"] == "/ready"
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["volumeMounts"][0]["mountPath"] == "/tmp"  # noqa: S108
    assert pod["spec"]["securityContext"]["runAsUser"] == 10001
    labels = pod["metadata"]["labels"]
    for kind, selector in (("Deployment", "matchLabels"), ("PodDisruptionBudget", "matchLabels")):
        assert objects[kind]["spec"]["selector"][selector] == labels
    assert objects["Service"]["spec"]["selector"] == labels
    assert objects["PodDisruptionBudget"]["spec"]["minAvailable"] < objects["Deployment"]["spec"]["replicas"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_start_without_rights_and_take_few(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == "read"
        assert all("@" in step["uses"] for step in job["steps"] if "uses" in step)


def test_only_what_is_scanned_is_pushed() -> None:
    release = next(path for path in WORKFLOWS if path.name == "release.yml")
    steps = yaml.safe_load(release.read_text())["jobs"]["image"]["steps"]
    uses = [step.get("uses", "").split("@")[0] for step in steps]
    push = next(step for step in steps if step.get("with", {}).get("push"))
    assert uses.index("aquasecurity/trivy-action") < steps.index(push)
    assert push["with"]["platforms"] == "linux/amd64,linux/arm64"
    assert push["with"]["provenance"] == "mode=max"
    assert push["with"]["sbom"] is True
