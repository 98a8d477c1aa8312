"""Every figure says in words what it shows, repeats its bytes, and can be read without colour."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from evenodds import plots
from evenodds.explorers import EvidenceExplorer, ThresholdExplorer
from evenodds.metrics import MetricFrame, selection_rate, true_positive_rate
from evenodds.uncertainty import disparity_test

RATES = pd.DataFrame(
    {"selection_rate": [0.524, 0.218], "true_positive_rate": [0.8, np.nan]},
    index=pd.Index(["East", "West"], name="side"),
)
COUNTS = pd.DataFrame({"tp": [15, 4], "fn": [3, 1], "fp": [2, 3], "tn": [10, 25]}, index=["East", "West"])


def people(n=200, seed=0):
    rng = np.random.default_rng(seed)
    scores = rng.random(n)
    return scores, (rng.random(n) < scores).astype(int), rng.choice(["East", "West"], n)


def pictures():
    scores, y_true, groups = people()
    return {
        "rates_by_group": plots.rates_by_group(RATES, title="A title.", caption="How to read."),
        "outcomes": plots.outcomes(COUNTS, title="A title.", caption="How to read."),
        "thresholds": plots.thresholds(
            scores, y_true, groups, {"East": 0.5, "West": 0.3}, title="A title.", caption="How to read."
        ),
        "lines": plots.lines(
            [0, 1],
            {"TPR": [0.1, 0.9], "FPR": [0.2, 0.4]},
            title="A title.",
            xlabel="x",
            ylabel="y",
            caption="How to read.",
        ),
    }


@pytest.mark.parametrize("name", ["rates_by_group", "outcomes", "thresholds", "lines"])
class TestEveryPicture:
    def test_html_carries_alt_text_and_caption(self, name):
        picture = pictures()[name]
        html = picture._repr_html_()
        assert "A title." in re.search(r'alt="([^"]+)"', html)[1]
        assert "<figcaption>How to read.</figcaption>" in html

    def test_the_same_figure_has_the_same_bytes(self, name):
        assert pictures()[name].png() == pictures()[name].png()

    def test_it_is_an_image_of_a_readable_size(self, name):
        width, height = Image.open(io.BytesIO(pictures()[name].png())).size
        assert 500 < width < 1000
        assert 100 < height < 800

    def test_the_title_is_drawn(self, name):
        figure = pictures()[name].figure
        titles = [axes.get_title(loc="left") for axes in figure.axes] + [figure.get_suptitle()]
        assert "A title." in titles


def test_alt_text_states_every_number_drawn_and_calls_the_missing_one_undefined():
    alt = plots.rates_by_group(RATES, title="T.").alt
    assert "selection rate: East 0.52, West 0.22; true positive rate: East 0.80, West undefined" in alt


def test_outcome_bars_are_shares_of_the_group_and_labels_are_people():
    axes = plots.outcomes(COUNTS, title="T.").figure.axes[0]
    widths = np.array([bar.get_width() for bar in axes.patches]).reshape(4, 2)
    assert widths.sum(axis=0) == pytest.approx([1, 1])
    assert widths[0] == pytest.approx([15 / 30, 4 / 33])
    assert {"15", "25"} <= {text.get_text() for text in axes.texts}


def test_outcome_bars_number_every_segment_and_those_too_narrow_above_the_bar():
    counts = pd.DataFrame({"tp": [97, 50], "fn": [2, 50], "fp": [1, 0], "tn": [0, 0]}, index=["East", "West"])
    texts = plots.outcomes(counts, title="T.").figure.axes[0].texts
    assert {text.get_text(): text.get_position()[1] for text in texts} == {"97": 0, "2": -0.4, "1": -0.4, "50": 1}


def test_groups_are_told_apart_by_hatching_as_well_as_by_colour():
    bars = plots.rates_by_group(RATES, title="T.").figure.axes[0].patches
    assert len({bar.get_hatch() for bar in bars}) == 2


def test_thresholds_count_who_is_above_the_line_not_on_it():
    picture = plots.thresholds(
        np.array([0.2, 0.5, 0.5, 0.8]), np.array([0, 1, 0, 1]), np.array(["a"] * 4), {"a": 0.5}, title="T."
    )
    assert "a: 1 of 4 selected above the threshold 0.50" in picture.alt


def test_a_line_that_ends_early_is_described_by_what_is_drawn():
    alt = plots.lines([0, 1, 2], {"A": [0.1, 0.4, np.nan]}, title="T.", xlabel="x", ylabel="y").alt
    assert "A goes from 0.10 to 0.40" in alt
    assert "undefined" not in alt


def test_a_quote_in_a_title_does_not_break_the_html():
    html = plots.rates_by_group(RATES, title='So-called "fair" rates <b>.')._repr_html_()
    assert "&quot;fair&quot; rates &lt;b&gt;" in html


def test_the_explorer_shows_the_rates_of_its_thresholds():
    scores, y_true, groups = people()
    explorer = ThresholdExplorer(scores, y_true, sensitive_features=groups, start={"East": 0.4, "West": 0.7})
    decisions = (scores > np.where(groups == "East", 0.4, 0.7)).astype(int)
    right = MetricFrame(
        metrics={"selection rate": selection_rate, "true positive rate": true_positive_rate},
        y_true=y_true,
        y_pred=decisions,
        sensitive_features=groups,
    )
    table = explorer.rates()
    pd.testing.assert_frame_equal(table.loc[["East", "West"], list(right.by_group)], right.by_group, check_names=False)
    assert table.loc["largest gap", "selection rate"] == pytest.approx(right.difference()["selection rate"])


def test_moving_a_slider_redraws_figure_and_table():
    scores, y_true, groups = people()
    explorer = ThresholdExplorer(scores, y_true, sensitive_features=groups)
    view, slider = explorer.children[-1], explorer.children[1]
    before = view.value
    slider.value = 0.9
    assert view.value != before
    assert "above the threshold 0.90" in view.value
    assert explorer.cuts == {"East": 0.9, "West": 0.5}


def test_the_explorer_survives_thresholds_that_select_nobody_or_everybody():
    scores, y_true, groups = people()
    explorer = ThresholdExplorer(scores, y_true, sensitive_features=groups, start={"East": 1.0, "West": 0.0})
    assert explorer.rates()["selection rate"].to_dict() == {"East": 0.0, "West": 1.0, "largest gap": 1.0}
    assert "undefined" in explorer.children[-1].value


def test_the_evidence_explorer_shows_the_gap_with_newcombes_interval():
    explorer = EvidenceExplorer()
    decisions = np.repeat([1, 0, 1, 0], [6, 2, 180, 20])
    side = np.repeat(["small", "large"], [8, 200])
    test = disparity_test(
        selection_rate, decisions, decisions, sensitive_features=side, privileged="large", method="exact"
    )
    assert explorer.table().loc["gap", ["estimate", "low", "high"]].tolist() == pytest.approx(
        [test.estimate, *test.interval]
    )
    assert explorer.table()["n"].tolist() == [8, 200, 8]
    assert "holds 0" in explorer.children[-1].value
    explorer.children[0].value = 400
    assert "does not hold 0" in explorer.children[-1].value
