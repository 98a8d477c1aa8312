"""The picture and the explorer of mixing rates: corners, alt text, and rates computed person by person."""

import numpy as np
import pandas as pd
import pytest

from evenodds.explorers import MixingExplorer
from evenodds.plots import reachable_rates

LABELS = np.array([1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0])
DECISIONS = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1])
GROUPS = np.array(["old"] * 6 + ["young"] * 6)


def rates(**points):
    return pd.DataFrame(points, index=["false_positive_rate", "true_positive_rate"]).T


def explorer(*values):
    found = MixingExplorer(LABELS, DECISIONS, sensitive_features=GROUPS)
    for each, value in zip(found.children[:4], values, strict=False):
        each.value = value
    return found


def by_person(p):
    """TPR and FPR of each group, and the share of errors, as plain sums."""
    chance = {("old", 1): p[0], ("old", 0): p[1], ("young", 1): p[2], ("young", 0): p[3]}
    q = [chance[g, d] for g, d in zip(GROUPS, DECISIONS, strict=True)]
    found = {}
    for group in ("old", "young"):
        for name, label in (("true_positive_rate", 1), ("false_positive_rate", 0)):
            mine = [c for c, y, g in zip(q, LABELS, GROUPS, strict=True) if g == group and y == label]
            found[group, name] = sum(mine) / len(mine)
    return found, sum(1 - c if y == 1 else c for c, y in zip(q, LABELS, strict=True)) / len(q)


@pytest.mark.parametrize("p", [(1, 0, 1, 0), (0.9, 0.2, 0.35, 0.6), (0, 1, 0.5, 0.5)])
def test_rates_and_errors_are_those_of_a_count_by_person(p):
    shown = explorer(*p)
    expected, error = by_person(p)
    for (group, name), value in expected.items():
        assert shown.rates().loc[group, name] == pytest.approx(value)
    assert shown.error() == pytest.approx(error)
    assert f"wrong decisions: {error:.3f}." in shown.children[-1].value


def test_moving_a_slider_moves_its_group_alone():
    shown = explorer()
    before, view = shown.rates(), shown.children[-1].value
    shown.children[2].value = 0.4
    assert shown.rates().loc["old"].equals(before.loc["old"])
    assert (shown.rates().loc["young"] < before.loc["young"])[["true_positive_rate", "false_positive_rate"]].all()
    assert shown.children[-1].value != view


def test_equal_rates_are_called_equal_and_others_are_not():
    assert "Both rates are equal" in explorer(0.3, 0.3, 0.3, 0.3).sentence()
    assert "The TPRs are 0.250 apart, the FPRs 0.250." in explorer(1, 0, 1, 0).sentence()


def test_the_sliders_name_what_they_move():
    assert [each.description for each in explorer().children[:4]] == [
        "yes stays yes, old",
        "no becomes yes, old",
        "yes stays yes, young",
        "no becomes yes, young",
    ]


def test_the_alt_text_gives_every_point():
    now, later = rates(a=[0.3, 0.8], b=[0.1, 0.6]), rates(a=[0.25, 2 / 3], b=[0.25, 2 / 3])
    alt = reachable_rates(now, later, title="They meet.").alt
    assert "a now: FPR 0.30, TPR 0.80; b now: FPR 0.10, TPR 0.60" in alt
    assert "a with coins: FPR 0.25, TPR 0.67; b with coins: FPR 0.25, TPR 0.67" in alt
    assert "with coins" not in reachable_rates(now, title="Two regions.").alt


def test_the_region_has_the_four_corners():
    figure = reachable_rates(rates(a=[0.3, 0.8]), title="One region.").figure
    outline = next(line for line in figure.axes[0].lines if line.get_label() == "a: reachable")
    corners = {tuple(corner) for corner in outline.get_xydata().round(9).tolist()}
    assert corners == {(0, 0), (0.3, 0.8), (1, 1), (0.7, 0.2)}


def test_names_of_groups_do_not_break_the_html():
    shown = MixingExplorer(LABELS, DECISIONS, sensitive_features=np.where(GROUPS == "old", "<b>", "c"))
    assert "<b>" not in shown.children[-1].value
