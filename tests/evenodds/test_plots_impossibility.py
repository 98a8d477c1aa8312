"""The explorer of the impossibility says what its sliders imply."""

import pytest

from evenodds.explorers import ImpossibilityExplorer
from evenodds.impossibility import implied_false_positive_rate


def set_to(explorer, *values):
    for slider, value in zip(explorer.children[:4], values, strict=True):
        slider.value = value


def test_it_begins_with_compas_and_shows_the_implied_rates():
    explorer = ImpossibilityExplorer()
    implied = explorer.rates()["false positive rate"]
    assert implied.tolist() == pytest.approx(implied_false_positive_rate([0.51, 0.39], 0.61, 0.37))
    assert "42% of group Black and 26% of group White" in explorer.sentence()
    assert explorer.sentence() in explorer.children[-1].value
    assert "false positive rate: Black 0.42, White 0.26" in explorer.children[-1].value


def test_equal_base_rates_close_the_gap_and_apart_they_open_it():
    explorer = ImpossibilityExplorer(("a", "b"), base_rates=(0.4, 0.4), ppv=0.6, fnr=0.35)
    assert "equal" in explorer.sentence()
    assert "0.29 in both groups" in explorer.sentence()
    before = explorer.children[-1].value
    explorer.children[0].value = 0.5
    assert explorer.children[-1].value != before
    assert "43% of group a and 29% of group b" in explorer.sentence()


def test_a_rate_above_1_is_called_impossible_and_not_drawn():
    explorer = ImpossibilityExplorer(("a", "b"))
    set_to(explorer, 0.9, 0.3, 0.5, 0.1)
    assert "No decisions whatever" in explorer.sentence()
    assert "in group a:" in explorer.sentence()
    assert "false positive rate: a undefined, b 0.39" in explorer.children[-1].value
    set_to(explorer, 0.9, 0.95, 0.5, 0.1)
    assert "in group a or b:" in explorer.sentence()


def test_a_rate_of_exactly_1_is_possible_in_spite_of_rounding():
    explorer = ImpossibilityExplorer(("a", "b"))
    set_to(explorer, 0.7, 0.7, 0.63 / 0.93, 0.1)
    assert explorer.rates()["false positive rate"].tolist() == pytest.approx([1, 1])
    assert "1.00 in both groups" in explorer.sentence()


def test_names_of_groups_do_not_break_the_html():
    assert "group &lt;b&gt;" in ImpossibilityExplorer(("<b>", "c")).children[-1].value
