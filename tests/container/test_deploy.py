"""The files that other programs read, by those programs' own rules: Dockerfiles, compose, Kubernetes, workflows."""

import re
import shlex
import subprocess
import sys
import zipfile
from hashlib import sha256
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


def test_every_package_is_pinned_with_a_hash() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line[:1] not in "# "]
    after = re.findall(r"^[^#\s].*\n +--hash=sha256:", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    assert len(lines) == len(after) > 100


def test_a_package_that_was_changed_after_it_was_pinned_is_not_installed(tmp_path: Path) -> None:
    wheel, constraints = tmp_path / "thing-1-py3-none-any.whl", tmp_path / "constraints.txt"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("thing-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1\n")
        archive.writestr("thing-1.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        archive.writestr("thing-1.dist-info/RECORD", "")
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--find-links", str(tmp_path)]
    for digest, said in ((sha256(wheel.read_bytes()).hexdigest(), "Would install thing-1"), ("0" * 64, "DO NOT MATCH")):
        constraints.write_text(f"thing==1 --hash=sha256:{digest}\n")
        done = subprocess.run(
            [*pip, "thing", "--constraint", str(constraints)], capture_output=True, text=True, check=False
        )
        assert said in done.stdout + done.stderr


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
    for name, job in workflow["jobs"].items():
        assert job["permissions"].get("contents", "none") != "write"
        assert "write" not in job["permissions"].values() or name == "push"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_named_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (?!\$/)(.*)", path.read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action), action


def test_what_is_pushed_was_tested_and_scanned_and_is_the_same_files() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]
    assert (jobs["build"]["needs"], jobs["push"]["needs"]) == (["test", "base"], "build")
    assert jobs["build"]["strategy"]["matrix"] == {"target": ["whole", "reader"], "platform": ["amd64", "arm64"]}
    build, push = (
        {step.get("uses", "run").split("@")[0]: step for step in jobs[job]["steps"]} for job in ("build", "push")
    )
    written = build["docker/build-push-action"]["with"]["outputs"].partition("dest=")[2]
    assert build["aquasecurity/trivy-action"]["with"]["input"] == written
    assert build["aquasecurity/trivy-action"]["with"]["exit-code"] == "1"
    assert build["actions/upload-artifact"]["with"]["path"] == written
    names = list(build)
    assert names.index("aquasecurity/trivy-action") < names.index("actions/upload-artifact")
    assert "docker/build-push-action" not in push
    assert 'skopeo copy --preserve-digests "oci-archive:$TARGET-$platform.tar"' in push["run"]["run"]
