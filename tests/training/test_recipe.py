"""Training data: what an epoch shows, in which order, and how it is changed."""

from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from mnist.data.labelled import Labelled
from mnist.data.mnist_dataset import Mnist
from mnist.handwriting.styles import STYLES
from mnist.training.networks import NETWORKS
from mnist.training.recipe import EXTRA_TIMES, Material, batches, validation
from tests.training.tiny import SETTINGS, people_drew


def test_epochs_differ_and_repeat_with_the_seed(mnist: Mnist) -> None:
    material = Material.make(mnist.train, SETTINGS)

    def batch(seed: int, epoch: int) -> np.ndarray:
        settings = replace(SETTINGS, seed=seed)
        return next(iter(batches(material, np.arange(16), settings, epoch)))[0]

    assert np.array_equal(batch(1, 0), batch(1, 0))
    assert not np.array_equal(batch(1, 0), batch(1, 1))
    assert not np.array_equal(batch(1, 0), batch(2, 0))


def test_fine_tuning_leaves_half_of_the_samples_as_they_are(mnist: Mnist) -> None:
    material = Material.make(mnist.train, SETTINGS)
    shown = np.arange(len(material.everything))

    def unchanged(epoch: int) -> float:
        samples = np.concatenate([batch for batch, _ in batches(material, shown, SETTINGS, epoch)])
        return float((samples == material.everything.samples).all(axis=(1, 2)).mean())

    assert unchanged(SETTINGS.epochs - 1) < 0.1
    assert 0.3 < unchanged(SETTINGS.epochs) < 0.7


def test_an_epoch_shows_all_of_mnist_as_many_drawn_digits_and_half_as_many_non_digits(mnist: Mnist) -> None:
    material = Material.make(mnist.train, SETTINGS)
    shown = material.epoch(SETTINGS, 0)
    assert not np.array_equal(shown, material.epoch(SETTINGS, 1))
    assert len(np.unique(shown)) == len(shown) == 48 + 48 + 24
    assert not np.array_equal(shown, np.sort(shown))
    labels = material.everything.labels[shown]
    assert (labels == 10).sum() == 24
    seen = np.concatenate([labels for _, labels in batches(material, shown, SETTINGS, 0)])
    assert np.array_equal(seen.argmax(axis=1), labels)


def test_no_two_parts_of_a_run_share_random_numbers(mnist: Mnist) -> None:
    parts = validation(mnist.validation, SETTINGS)
    assert {name: len(part) for name, part in parts.items()} == {
        "mnist_validation": 20, "drawn_validation": 20, "non_digits_validation": 20,
    }  # fmt: skip
    drawn = Material.make(mnist.train, SETTINGS).everything.samples[48:]
    made = np.concatenate([parts["drawn_validation"].samples, parts["non_digits_validation"].samples])
    assert not (drawn[:, None] == made[None]).all(axis=(2, 3)).any()


def test_styles_can_be_left_out(mnist: Mnist, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Mock(side_effect=lambda count, *_: mnist.train[:count])
    monkeypatch.setattr("mnist.training.recipe.draw_digits", draw)
    monkeypatch.setattr("mnist.training.recipe.draw_non_digits", draw)
    settings = replace(SETTINGS, without=("crossed", "stick"))
    Material.make(mnist.train, settings)
    validation(mnist.validation, settings)
    given = [{style.name for style in call.args[2]} for call in draw.call_args_list]
    assert given == [{style.name for style in STYLES} - {"crossed", "stick"}] * 4


def test_a_plain_network_sees_mnist_as_it_is(mnist: Mnist) -> None:
    settings = replace(NETWORKS["textbook"].settings, batch=48)
    material = Material.make(mnist.train, settings)
    shown = material.epoch(settings, 0)
    ((samples, _),) = batches(material, shown, settings, 0)
    assert np.array_equal(samples, mnist.train.samples[shown])


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("count", [1, 3, 200])
def test_extra_drawings_are_shown_several_times_an_epoch_but_are_never_much_of_it(plain: bool, count: int) -> None:
    many = Labelled(np.zeros((1000, 28, 28), np.float32), np.zeros(1000, np.int64))
    if plain:
        material, usual = Material.make(many, replace(SETTINGS, plain=True), people_drew(count)), 1000
    else:  # drawing so much would take long
        material, usual = Material(many + many + many[:500] + people_drew(count), 1000, 1000, 500, count), 2500
    shown = material.epoch(SETTINGS, 0)
    extra = shown[material.everything.labels[shown] == 3]
    assert len(shown) - len(extra) == usual
    assert len(extra) == min(EXTRA_TIMES * count, usual // 10)
    times = np.unique(extra, return_counts=True)[1]
    assert np.ptp(times) <= 1  # each as often as any other
    assert len(times) == min(count, len(extra))


def test_an_extra_drawing_is_changed_anew_each_time(mnist: Mnist) -> None:
    material = Material.make(mnist.train, SETTINGS, mnist.test[:1])
    place = len(material.everything) - 1
    assert np.array_equal(material.everything.samples[place], mnist.test.samples[0])
    ((samples, _),) = batches(material, np.full(8, place), SETTINGS, 0)
    assert len(np.unique(samples.reshape(8, -1), axis=0)) == 8


def test_without_extra_drawings_an_epoch_is_what_it_was(mnist: Mnist) -> None:
    material = Material.make(mnist.train, SETTINGS)
    assert material.epoch(SETTINGS, 0)[:6].tolist() == [58, 68, 40, 41, 31, 24]
