"""The files that other programs read, by those programs' own rules: Dockerfiles, compose, Kubernetes, workflows."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from mnist.files import ROOT

BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ISSUE_FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def accepts(program: str, *arguments: str) -> None:
    done = subprocess.run([BIN / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", ["Dockerfile", "deploy/balancer.Dockerfile"])
def test_hadolint_finds_nothing(path: str) -> None:
    accepts("hadolint", path)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.compose-spec", "compose.yaml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
        *(("vendor.github-workflows", str(path)) for path in WORKFLOWS),
        *(("vendor.github-issue-forms", str(path)) for path in ISSUE_FORMS),
    ],
)
def test_the_schema_is_kept(schema: str, path: str) -> None:
    accepts("check-jsonschema", "--builtin-schema", schema, path)


def test_kubernetes_knows_every_field() -> None:
    accepts("kubernetes-validate", "--strict", "deploy/kubernetes.yaml")


def test_zizmor_finds_nothing_unsafe_in_the_workflows() -> None:
    accepts("zizmor", "--offline", ".github")


@pytest.fixture
def objects() -> dict[str, Any]:
    text = (ROOT / "deploy" / "kubernetes.yaml").read_text()
    return {found["kind"]: found for found in yaml.safe_load_all(text)}


def test_kubernetes_asks_for_what_the_image_promises(objects: dict[str, Any]) -> None:
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
