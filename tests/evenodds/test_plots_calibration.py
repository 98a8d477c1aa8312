"""The reliability diagram shows its support, says its numbers, and can be read without colour."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from evenodds import plots
from evenodds.calibration import reliability_table
from evenodds.explorers import PlattExplorer

Y = [0, 0, 1, 1, 1, 0, 1, 1]
S = [0.1, 0.3, 0.3, 0.8, 0.9, 0.2, 0.2, 0.7]
SIDE = pd.Series(list("EEEEEWWW"), name="side")


def picture(groups=SIDE, **options):
    table = reliability_table(Y, S, sensitive_features=groups, n_bins=2)
    return plots.reliability_diagram(table, title="A title.", caption="How to read.", **options)


def test_alt_text_states_score_rate_and_people_of_every_filled_bin():
    assert picture().alt == (
        "Reliability diagram, observed rate against mean score by bin. A title. "
        "E: score 0.23 observed 0.33 among 3, score 0.85 observed 1.00 among 2; "
        "W: score 0.20 observed 0.50 among 2, score 0.70 observed 1.00 among 1."
    )


def test_one_group_needs_no_name():
    assert "everyone: score 0.22 observed 0.40 among 5, " in picture(None).alt


def test_crossed_groups_are_drawn_under_both_names():
    features = pd.DataFrame({"side": SIDE, "age": ["old"] * 8})
    assert "E, old: score" in picture(features).alt


def test_groups_differ_by_marker_line_and_hatch():
    above, below = picture(few=1).figure.axes
    lines = [line for line in above.lines if line.get_label() in ("E", "W")]
    assert len({line.get_marker() for line in lines}) == 2
    assert len({line.get_linestyle() for line in lines}) == 2
    assert len({bar.get_hatch() for bar in below.patches}) == 2
    assert {text.get_text() for text in below.get_legend().get_texts()} == {"E", "W"}


def test_the_lower_panel_counts_people():
    below = picture().figure.axes[1]
    assert [bar.get_height() for bar in below.patches] == [3, 2, 2, 1]
    assert len({round(bar.get_x() + bar.get_width() / 2, 6) for bar in below.patches}) == 4


def test_a_bin_of_few_people_is_hollow_and_off_the_line():
    above = picture(few=3).figure.axes[0]
    (line,) = [line for line in above.lines if line.get_label() == "E"]
    assert line.get_xdata().tolist() == pytest.approx([0.7 / 3])
    hollow = [line for line in above.lines if line.get_markerfacecolor() == "white" and len(line.get_xdata())]
    assert sorted(x for line in hollow for x in line.get_xdata()) == pytest.approx([0.2, 0.7, 0.85])
    assert "fewer than 3 people" in [text.get_text() for text in above.get_legend().get_texts()]
    assert "fewer than 1 people" not in [t.get_text() for t in picture(few=1).figure.axes[0].get_legend().get_texts()]


def test_empty_bins_draw_no_point_and_quantile_bins_are_fine():
    table = reliability_table([0, 1], [0.0, 1.0], n_bins=10)
    alt = plots.reliability_diagram(table, title="T.").alt
    assert alt.count("among") == 2
    quantile = reliability_table(Y, S, n_bins=4, strategy="quantile")
    assert "undefined" not in plots.reliability_diagram(quantile, title="T.").alt


def test_it_shows_its_title_and_caption_at_a_readable_size_in_the_same_bytes():
    width, height = Image.open(io.BytesIO(picture().png())).size
    assert 500 < width < 1000
    assert 100 < height < 800
    assert picture().png() == picture().png()
    assert picture().figure.axes[0].get_title(loc="left") == "A title."
    assert "<figcaption>How to read.</figcaption>" in picture()._repr_html_()


def test_intervals_reach_from_low_to_high():
    table = reliability_table(Y, S, n_bins=2)
    above = plots.reliability_diagram(table, title="T.").figure.axes[0]
    (bars,) = [c for c in above.containers if hasattr(c, "has_yerr")]
    ends = np.array([segment[:, 1] for segment in bars.lines[2][0].get_segments()])
    assert ends == pytest.approx(table[["ci_low", "ci_high"]].to_numpy())


def explorer():
    rng = np.random.default_rng(0)
    evidence, side = rng.normal(0, 1.5, 4000), np.repeat(["East", "West"], 2000)
    won = rng.random(4000) < 1 / (1 + np.exp(-np.where(side == "East", 2, 0.5) * evidence))
    return PlattExplorer(1 / (1 + np.exp(-evidence)), won.astype(int), sensitive_features=side)


def test_slopes_move_the_calibration_error_and_neither_auc_nor_decisions():
    platt = explorer()
    before = platt.table()
    platt._slopes["East"].value, platt._slopes["West"].value = 2, 0.5
    after = platt.table()
    assert (before["ECE"] > 0.07).all()
    assert (after["ECE"] < 0.04).all()
    pd.testing.assert_frame_equal(before[["AUC", "TPR at 0.5"]], after[["AUC", "TPR at 0.5"]])
    assert f"{after.loc['West', 'ECE']:.3f}" in platt._view.value
    assert platt._view.value.count("<tr") == 1 + len(after)


def test_one_bin_sees_nothing():
    platt = explorer()
    platt._bins.value = 1
    assert (platt.table()["ECE"] < 0.03).all()
