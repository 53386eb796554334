"""Training data: what an epoch shows, in which order, and how it is changed."""

from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from mnist.data.labelled import Labelled, no_digits
from mnist.data.mnist_dataset import Mnist
from mnist.data.people import Drawn, Handwriting, Written
from mnist.handwriting.styles import STYLES
from mnist.reading.drawings.strokes import frame
from mnist.reading.outputs import NO_DIGIT
from mnist.training.networks import NETWORKS
from mnist.training.recipe import Data, Material, batches, validation
from tests.training.tiny import SETTINGS
from tools.harness import hand


def test_epochs_differ_and_repeat_with_the_seed(mnist: Mnist) -> None:
    material = Material.make(Data(mnist), SETTINGS)

    def batch(seed: int, epoch: int) -> np.ndarray:
        settings = replace(SETTINGS, seed=seed)
        return next(iter(batches(material, np.arange(16), settings, epoch)))[0]

    assert np.array_equal(batch(1, 0), batch(1, 0))
    assert not np.array_equal(batch(1, 0), batch(1, 1))
    assert not np.array_equal(batch(1, 0), batch(2, 0))


def test_fine_tuning_leaves_half_of_the_samples_as_they_are(mnist: Mnist) -> None:
    material = Material.make(Data(mnist), SETTINGS)
    shown = np.arange(len(material.everything))

    def unchanged(epoch: int) -> float:
        samples = np.concatenate([batch for batch, _ in batches(material, shown, SETTINGS, epoch)])
        return float((samples == material.everything.samples).all(axis=(1, 2)).mean())

    assert unchanged(SETTINGS.epochs - 1) < 0.1
    assert 0.3 < unchanged(SETTINGS.epochs) < 0.7


def test_an_epoch_shows_all_of_mnist_as_many_drawn_digits_and_half_as_many_non_digits(mnist: Mnist) -> None:
    material = Material.make(Data(mnist), SETTINGS)
    shown = material.epoch(SETTINGS, 0)
    assert not np.array_equal(shown, material.epoch(SETTINGS, 1))
    assert len(np.unique(shown)) == len(shown) == 48 + 48 + 24
    assert not np.array_equal(shown, np.sort(shown))
    labels = material.everything.labels[shown]
    assert (labels == 10).sum() == 24
    seen = np.concatenate([labels for _, labels in batches(material, shown, SETTINGS, 0)])
    assert np.array_equal(seen.argmax(axis=1), labels)


def test_no_two_parts_of_a_run_share_random_numbers(mnist: Mnist) -> None:
    parts = validation(Data(mnist), SETTINGS)
    assert {name: len(part) for name, part in parts.items()} == {
        "mnist_validation": 20, "drawn_validation": 20, "non_digits_validation": 20,
    }  # fmt: skip
    drawn = Material.make(Data(mnist), SETTINGS).everything.samples[48:]
    made = np.concatenate([parts["drawn_validation"].samples, parts["non_digits_validation"].samples])
    assert not (drawn[:, None] == made[None]).all(axis=(2, 3)).any()


def test_what_others_wrote_to_choose_on_is_validated_on_and_not_learned(mnist: Mnist) -> None:
    data = Data(mnist, development={"strangers": mnist.test})
    for settings in (SETTINGS, NETWORKS["textbook"].settings):
        assert list(validation(data, settings))[-1] == "strangers"
        without = Material.make(Data(mnist), settings).everything
        assert np.array_equal(Material.make(data, settings).everything.samples, without.samples)


def test_styles_can_be_left_out(mnist: Mnist, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Mock(side_effect=lambda count, *_: mnist.train[:count])
    monkeypatch.setattr("mnist.training.recipe.draw_digits", draw)
    monkeypatch.setattr("mnist.training.recipe.draw_non_digits", draw)
    settings = replace(SETTINGS, without=("crossed", "stick"))
    Material.make(Data(mnist), settings)
    validation(Data(mnist), settings)
    given = [{style.name for style in call.args[2]} for call in draw.call_args_list]
    assert given == [{style.name for style in STYLES} - {"crossed", "stick"}] * 4


def test_a_plain_network_sees_mnist_as_it_is(mnist: Mnist) -> None:
    settings = replace(NETWORKS["textbook"].settings, batch=48)
    material = Material.make(Data(mnist), settings)
    shown = material.epoch(settings, 0)
    ((samples, _),) = batches(material, shown, settings, 0)
    assert np.array_equal(samples, mnist.train.samples[shown])


def grey(count: int, shade: float, label: int = 3) -> Labelled:
    return Labelled(np.full((count, 28, 28), shade, np.float32), np.full(count, label))


def wrote(drawings: int, images: int, label: int = 3) -> Written:
    """Drawings, and images of 0.5 each; of what is no digit 0.7."""
    drawn = Drawn(tuple(hand.strokes(3)), label, "a")
    return Written((drawn,) * drawings, grey(images, 0.7 if label == NO_DIGIT else 0.5, label))


@pytest.fixture
def drawn_in_grey(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Let each part of the material have a shade of its own instead of handwriting, which takes long to draw."""
    again = Mock(side_effect=lambda drawn, count, _: grey(count, 0.6 if drawn[0].label == NO_DIGIT else 0.4))
    monkeypatch.setattr("mnist.training.recipe.draw_digits", lambda count, *_: grey(count, 0.2))
    monkeypatch.setattr("mnist.training.recipe.make_non_digits", lambda count, *_: no_digits(grey(count, 0.3).samples))
    monkeypatch.setattr("mnist.training.recipe.draw_again", again)
    return again


SHADES = {"mnist": 0.1, "drawn": 0.2, "non_digits": 0.3, "drawings": 0.4, "images": 0.5, "no_drawings": 0.6}
SHADES["no_images"] = 0.7


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, (0, 0, 0, 0)), (1, (20,) * 4), (7, (140,) * 4), (11, (220, 220, 200, 200)), (60, (750, 250, 200, 200))],
)
def test_what_people_wrote_is_shown_twenty_times_an_epoch_but_never_beyond_its_share(
    count: int, shown: tuple[int, ...], drawn_in_grey: Mock
) -> None:
    many, none = grey(1000, 0.1), grey(1, 0.0)
    people = Handwriting(wrote(count, count), wrote(count, count, NO_DIGIT))
    settings = replace(SETTINGS, drawn=1200, non_digits=800)
    material = Material.make(Data(Mnist(many, none, none), people), settings)
    epoch = material.epoch(settings, 0)
    shades = material.everything.samples[epoch, 0, 0]
    times = {name: int(np.isclose(shades, shade).sum()) for name, shade in SHADES.items()}
    usual = {"mnist": 1000, "drawn": 1000, "non_digits": 500}
    assert times == {**usual, **dict(zip(list(SHADES)[3:], shown, strict=True))}
    assert len(epoch) == sum(times.values())
    assert [call.args[1] for call in drawn_in_grey.call_args_list] == [2 * times for times in shown[::2] if times]
    images = np.unique(epoch[np.isclose(shades, 0.5)], return_counts=True)[1]
    assert len(images) == min(count, shown[1])
    assert not len(images) or np.ptp(images) <= 1  # each as often as any other


@pytest.mark.parametrize(("count", "shown"), [(1, 20), (3, 60), (200, 100)])
def test_a_plain_network_sees_what_people_wrote_as_it_is(count: int, shown: int, mnist: Mnist) -> None:
    settings = NETWORKS["textbook"].settings
    data = Data(Mnist(grey(1000, 0.1, 0), mnist.validation, mnist.test), Handwriting(wrote(2, count)))
    material = Material.make(data, settings)
    epoch = material.epoch(settings, 0)
    people = epoch[material.everything.labels[epoch] == 3]
    assert len(people) == shown + 40
    three = frame(hand.strokes(3)).sample
    assert {tuple(material.everything.samples[place, 14]) for place in people} == {tuple(three[14]), (0.5,) * 28}


def test_what_people_wrote_is_drawn_from_the_seed_alone_and_differs_from_epoch_to_epoch(mnist: Mnist) -> None:
    data = Data(mnist, Handwriting(wrote(3, 1), wrote(2, 1, NO_DIGIT)))
    first, again, other = (Material.make(data, replace(SETTINGS, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.everything.samples, again.everything.samples)
    assert not np.array_equal(first.everything.samples, other.everything.samples)
    assert np.array_equal(first.epoch(SETTINGS, 0), again.epoch(SETTINGS, 0))
    assert not np.array_equal(first.epoch(SETTINGS, 0), first.epoch(SETTINGS, 1))


def test_an_image_that_somebody_wrote_is_changed_anew_each_time(mnist: Mnist) -> None:
    data = Data(mnist, Handwriting(Written(images=mnist.test[:1])))
    material = Material.make(data, SETTINGS)
    place = len(material.everything) - 1
    assert np.array_equal(material.everything.samples[place], mnist.test.samples[0])
    ((samples, _),) = batches(material, np.full(8, place), SETTINGS, 0)
    assert len(np.unique(samples.reshape(8, -1), axis=0)) == 8


def test_the_first_few_of_all_data(mnist: Mnist) -> None:
    people = Handwriting(wrote(3, 3), wrote(3, 3, NO_DIGIT))
    few = Data(mnist, people, {"strangers": mnist.test}).first(2)
    parts = [few.mnist.train, few.mnist.validation, few.mnist.test, few.development["strangers"]]
    parts += [few.handwriting.digits.images, few.handwriting.non_digits.images]
    assert [len(part) for part in parts] == [2] * 6
    assert (len(few.handwriting.digits.drawn), len(few.handwriting.non_digits.drawn)) == (2, 2)
