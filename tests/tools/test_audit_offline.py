"""The audit of packages against files of OSV: what is vulnerable, what is not, what is unknown, and its age."""

import json
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mnist.files import ROOT
from tools import audit_offline

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def advisory(
    identifier: str, name: str, events: list[dict[str, str]], versions: tuple[str, ...] = ()
) -> dict[str, Any]:
    package = {"ecosystem": "PyPI", "name": name}
    part = {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}], "versions": list(versions)}
    return {"id": identifier, "modified": (NOW - timedelta(days=3)).isoformat(), "affected": [part]}


def database(folder: Path, ecosystem: str, *entries: dict[str, Any]) -> None:
    (folder / ecosystem).mkdir()
    with zipfile.ZipFile(folder / ecosystem / "all.zip", "w") as archive:
        for entry in entries:
            archive.writestr(f"{entry['id']}.json", json.dumps(entry))


def audited(folder: Path, monkeypatch: pytest.MonkeyPatch, now: datetime = NOW) -> tuple[int, list[str]]:
    """The status and the lines of an audit of two packages and two libraries."""
    pinned, bundled = (
        [("numpy", "2.4.1"), ("h5py", "3.14.0")],
        [("h5py", "libhdf5", "310.5.1"), ("p", "libopenjp2", "2.5.4")],
    )
    monkeypatch.setattr(audit_offline, "pinned", lambda _: pinned)
    monkeypatch.setattr(audit_offline, "bundled", lambda: bundled)
    said: list[str] = []
    return audit_offline.report(folder, now, said.append), said


@pytest.mark.parametrize(
    ("events", "affected"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "2.4.1"}], False),
        ([{"introduced": "0"}, {"fixed": "2.4.2"}], True),
        ([{"introduced": "2.4.2"}], False),
        ([{"fixed": "2.10"}, {"introduced": "2.4.0"}], True),  # in any order; 2.10 comes after 2.4
        ([{"introduced": "0"}, {"last_affected": "2.4.1"}], True),
        ([{"introduced": "0"}, {"last_affected": "2.4.0"}], False),
        ([{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}], True),
        ([{"introduced": "soon"}], True),
    ],
)
def test_ranges_of_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, events: list[dict[str, str]], affected: bool
) -> None:
    database(tmp_path, "PyPI", advisory("PYSEC-1", "NumPy", events))
    status, said = audited(tmp_path, monkeypatch)
    assert status == int(affected)
    assert f"numpy 2.4.1: {'PYSEC-1' if affected else 'none known'}" in said
    assert said[0] == "The database is of 24 November 2026, new enough."


def test_versions_that_are_listed_and_entries_that_were_withdrawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn = {**advisory("PYSEC-2", "numpy", [{"introduced": "0"}]), "withdrawn": "2026-01-01T00:00:00Z"}
    database(tmp_path, "PyPI", advisory("PYSEC-1", "h5py", [], ("3.14.0",)), withdrawn)
    assert audited(tmp_path, monkeypatch)[1][1:3] == ["numpy 2.4.1: none known", "h5py 3.14.0: PYSEC-1"]


def test_an_old_database_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database(tmp_path, "PyPI", advisory("PYSEC-1", "other", []))
    assert audited(tmp_path, monkeypatch, NOW + timedelta(days=11))[0] == 0
    status, said = audited(tmp_path, monkeypatch, NOW + timedelta(days=12))
    assert (status, said[0]) == (1, "The database is of 24 November 2026, too old: get a newer one.")


def test_libraries_inside_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database(tmp_path, "PyPI", advisory("PYSEC-1", "other", []))
    assert audited(tmp_path, monkeypatch)[1][3:] == [
        "libhdf5 310.5.1 in h5py: unknown",
        "libopenjp2 2.5.4 in p: unknown",
    ]
    database(tmp_path, "OSS-Fuzz", advisory("OSV-2026-1", "openjpeg", [], ("v2.5.3", "v2.5.4")))
    status, said = audited(tmp_path, monkeypatch)
    assert (status, said[-1]) == (1, "libopenjp2 2.5.4 in p: OSV-2026-1")


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are named so in Linux's wheels")
def test_what_is_pinned_and_what_lies_in_wheels_is_found() -> None:
    pinned = dict(audit_offline.pinned(ROOT / "constraints.txt"))
    assert len(pinned) > 100
    assert pinned["numpy"][0].isdigit()
    assert "libjpeg" in {library for _, library, _ in audit_offline.bundled()}
