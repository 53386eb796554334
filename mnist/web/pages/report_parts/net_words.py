"""The networks in plain words, with a sign for each; the field's own names stand behind a “?”."""

from dataclasses import dataclass

from mnist.training.networks import BASELINES, SHIPPED


@dataclass(frozen=True)
class NetWords:
    """A network's plain name, how it reads in a sentence, and its sign: as Vega calls it, and as a character."""

    name: str
    how: str
    shape: str
    sign: str


NETS = {
    "softmax": NetWords(
        "Voting pixels", "Every pixel votes for or against each digit; the votes are added up.", "triangle-down", "▼"
    ),
    "perceptron": NetWords(
        "Voting patterns", "It looks for 128 patterns of the whole picture, and they vote.", "square", "■"
    ),
    "textbook": NetWords("Voting shapes", "It looks for 32 small shapes everywhere, and they vote.", "diamond", "◆"),
    "keras_example": NetWords(
        "Shapes of shapes", "It looks for shapes, then for shapes made of shapes, and they vote.", "triangle-up", "▲"
    ),
    SHIPPED.name: NetWords(
        SHIPPED.title,
        "Six layers of shapes, taught with digits of people and of this program, and with things that are no digit.",
        "circle",
        "●",
    ),
}
TERMS = "What books call the simpler nets: " + "; ".join(
    f"{NETS[network.name].name} is “{network.title}”" for network in BASELINES
)
