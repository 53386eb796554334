"""The documents: their tables and outputs are real, their links lead somewhere, and what they name exists."""

import doctest
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist import cli
from mnist.files import MODEL, ROOT

README = ROOT / "README.md"
FIGURES, LIMITS, PERFORMANCE, TRAINING = (
    ROOT / "docs" / f"{name}.md" for name in ("figures", "limits", "performance", "training")
)
DOCUMENTS = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "LICENCES")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
MAX_README_LINES = 120
CARDS = {path.stem: json.loads(path.read_text("utf-8")) for path in MODEL.parent.glob("*.json")}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FOLDERS = "mnist|tools|tests|docs|models|data|deploy"
PATH = re.compile(rf"\.?(?:{FOLDERS}|\.github|\.streamlit|\.ci)/[\w./-]*|[\w-]+\.(?:py|md|toml|ya?ml|txt|Dockerfile)")
MODULE = re.compile(r"(?:python -m )?((?:mnist|tools|tests)(?!\.npz)(?:\.[a-z_]+)+)(?:[ .].*)?")
IN_FILE = re.compile(r"`(\w+)` in\s`([\w/.]+\.(?:py|toml))`")
READ = re.compile(r"^(/?data/[\w.]+|-): (.*)$", re.MULTILINE)
DECIMAL_SHARE = re.compile(r"\d+\.\d\d %")

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def blocks(document: Path, *languages: str) -> list[str]:
    """Return what stands in the document's fenced blocks of these languages."""
    return [body for language, body in BLOCK.findall(document.read_text("utf-8")) if language in languages]


def prose(document: Path) -> str:
    return BLOCK.sub("", document.read_text("utf-8"))


def quoted(document: Path) -> list[str]:
    return [" ".join(text.split()) for text in re.findall(r"`([^`]+)`", prose(document))]


def printed(document: Path, command: str) -> str:
    """Return what stands between the markers that name the command."""
    text = document.read_text("utf-8")
    return text.partition(f"<!-- begin: {command} -->\n")[2].partition("<!-- end -->")[0]


def headings(document: Path) -> set[str]:
    """Return the anchors that GitHub gives the document's headings."""
    names = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in names}


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= MAX_README_LINES


@documents
def test_links_lead_somewhere(document: Path) -> None:
    for link in filter(None, (a or b for a, b in LINK.findall(prose(document)))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def found(name: str) -> Path:
    """Return the path of a file or folder that is named from the root, or by a file's name alone."""
    path = next((ROOT / "mnist").rglob(name), ROOT / name) if "/" not in name else ROOT / name
    assert path.exists(), name
    return path


@documents
def test_what_is_named_exists(document: Path) -> None:
    for name in quoted(document):
        if PATH.fullmatch(name):
            found(name)
        elif module := MODULE.fullmatch(name):
            path = ROOT / module[1].replace(".", "/")
            assert path.is_dir() or path.with_suffix(".py").exists(), name
    for name, file in IN_FILE.findall(prose(document)):
        assert re.search(rf"\b{name}\b", found(file).read_text("utf-8")), f"{name} in {file}"


@documents
def test_commands_are_taken(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in commands(document):
        words = shlex.split(line, comments=True)
        if "make" in words[:2]:
            target = next(word for word in words[words.index("make") + 1 :] if "=" not in word)
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), line
        elif "mnist" in words and words[words.index("mnist") - 1] == "-m":
            cli.parser().parse_args([word for word in words[words.index("mnist") + 1 :] if word != "…"])


def commands(document: Path) -> Iterator[str]:
    """Yield the command lines in the document's blocks and backticks."""
    for block in blocks(document, "sh", "console"):
        yield from (line.removeprefix("$ ") for line in block.replace("\\\n", " ").splitlines() if line.strip())
    yield from (name for name in quoted(document) if name.startswith(("make ", "python -m mnist ")))


def test_the_tables_are_those_that_evaluate_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "--markdown"]) == 0
    assert printed(FIGURES, "python -m mnist evaluate --markdown") == capsys.readouterr().out


@pytest.mark.parametrize(
    ("document", "command", "file"),
    [
        (PERFORMANCE, "make bench", "bench/results/bench.md"),
        (PERFORMANCE, "make load", "load/results/load.md"),
        (ROOT / "SECURITY.md", "python -m tools.load.measure_attacks", "load/results/attacks.md"),
    ],
)
def test_the_tables_of_waiting_times_are_what_was_printed(document: Path, command: str, file: str) -> None:
    results = (ROOT / "tools" / file).read_text("utf-8")
    table = printed(document, command)
    assert len(table.splitlines()) > 2
    assert table in results


def test_figures_in_the_text_are_those_of_the_cards() -> None:
    measured = {
        f"{share:.2%}".replace("%", " %")
        for card in CARDS.values()
        for figures in card["figures"].values()
        for share in figures.values()
        if isinstance(share, float)
    }
    parameters = {f"{card['parameters']:,}" for card in CARDS.values()}
    for document in (README, FIGURES, LIMITS):
        assert set(DECIMAL_SHARE.findall(document.read_text("utf-8"))) <= measured
    for document in (README, FIGURES):
        assert set(re.findall(r"([\d,]+) parameters", document.read_text("utf-8"))) <= parameters
        assert f"{MODEL.stat().st_size / 1e6:.1f} MB" in document.read_text("utf-8")


def test_what_is_said_of_training_is_what_the_card_says() -> None:
    from mnist.handwriting.styles import STYLES

    settings, text = CARDS[MODEL.stem]["settings"], " ".join(TRAINING.read_text("utf-8").split())
    seconds = [epoch["seconds"] for epoch in CARDS[MODEL.stem]["history"]]
    assert f"{settings['drawn']:,} digits in the {len(STYLES)} styles" in text
    assert f"{settings['non_digits']:,} things that are no digit" in text
    assert f"An epoch took {min(seconds):.0f} seconds undisturbed, and {max(seconds):.0f} at worst" in text


@pytest.mark.network
def test_what_predict_prints_is_what_the_documents_show() -> None:
    from mnist.reading import batch

    outcomes = {f"data/{Path(name).name}": found for name, found in batch.predict([str(ROOT / "data")], MODEL)}
    lines = {name: batch.as_text("", outcome).removeprefix(": ") for name, outcome in outcomes.items()}
    objects = {name: json.loads(batch.as_json(name, outcome)) for name, outcome in outcomes.items()}
    shown = 0
    for document in DOCUMENTS:
        for block in blocks(document, "console"):
            for name, line in READ.findall(block):
                assert line == lines["data/seven.png" if name == "-" else name.removeprefix("/")], document
                shown += 1
        for block in blocks(document, "json"):
            answer = json.loads(block)
            assert answer in [*objects.values(), {k: v for k, v in objects["data/seven.png"].items() if k != "file"}]
            shown += 1
    assert shown > 20


@pytest.mark.network
@pytest.mark.parametrize("document", [README, ROOT / "docs" / "python.md"], ids=lambda path: path.stem)
def test_examples_in_python_run(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = blocks(document, "pycon")
    test = doctest.DocTestParser().get_doctest(example, {}, document.name, None, 0)
    assert doctest.DocTestRunner().run(test).failed == 0
