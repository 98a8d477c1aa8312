"""The figure of coverage says every number in its alt text; the explorer counts what a loop counts."""

import io
from math import ceil, inf

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from evenodds import plots
from evenodds.explorers import CoverageExplorer

REPORT = pd.DataFrame({"coverage": [0.91, 0.6], "set_size": [1.5, 3.25]}, index=["typed", "translated"])


def rows(n, seed):
    rng = np.random.default_rng(seed)
    proba, groups = rng.dirichlet(np.ones(3), n), rng.choice(["big", "small"], n, p=[0.8, 0.2])
    y = np.array([rng.choice(3, p=p) for p in proba])
    return proba, y, groups


def explorer():
    return CoverageExplorer(*rows(100, 0), *rows(60, 1), small="small")


def test_the_figure_says_coverage_and_size_of_every_group():
    picture = plots.coverage_and_size(
        {"one threshold": REPORT, "own": REPORT}, promised=0.9, title="A title.", caption="How.", unit="rooms"
    )
    assert "one threshold: typed covered 0.91 with 1.50 rooms, translated covered 0.60 with 3.25 rooms" in picture.alt
    assert picture.png() == picture.png()
    assert 500 < Image.open(io.BytesIO(picture.png())).size[0] < 1000


def test_no_number_is_struck_through_by_the_line_of_the_promise():
    figure = plots.coverage_and_size({"one threshold": REPORT}, promised=0.66, title="A title.").figure
    figure.draw_without_rendering()
    covered = figure.axes[0]
    line = covered.transData.transform((0.66, 0))[0]
    crossed = [text for text in covered.texts if text.get_window_extent().x0 < line < text.get_window_extent().x1]
    assert [text.get_text() for text in crossed] == ["0.60"]
    assert crossed[0].get_bbox_patch().get_facecolor() == (1, 1, 1, 1)


@pytest.mark.parametrize("per_group", [False, True])
def test_the_explorer_agrees_with_a_loop(per_group):
    proba, y, groups = rows(100, 0)
    new_proba, new_y, new_groups = rows(60, 1)
    shown = explorer()
    shown._alpha.value, shown._rows.value = 0.25, 5
    report = shown.reports()["own thresholds" if per_group else "one threshold"]

    scores, taken = {"big": [], "small": []}, 0
    for p, label, g in zip(proba, y, groups, strict=True):
        taken += g == "small"
        if g == "big" or taken <= 5:
            scores[g].append(1 - p[label])
    if not per_group:
        scores = dict.fromkeys(scores, scores["big"] + scores["small"])

    def threshold(group):
        rank = ceil((len(scores[group]) + 1) * 0.75)
        return sorted(scores[group])[rank - 1] if rank <= len(scores[group]) else inf

    for group in ("big", "small"):
        held = [
            [1 - q <= threshold(group) for q in p] for p, g in zip(new_proba, new_groups, strict=True) if g == group
        ]
        truth = [label for label, g in zip(new_y, new_groups, strict=True) if g == group]
        assert report.loc[group, "coverage"] == pytest.approx(np.mean([h[t] for h, t in zip(held, truth, strict=True)]))
        assert report.loc[group, "set_size"] == pytest.approx(np.mean([sum(h) for h in held]))
    assert report.loc["small", "calibration rows"] == 5


def test_too_few_rows_are_called_infinite_and_hold_everything():
    shown = explorer()
    shown._rows.value = 8
    report = shown.reports()["own thresholds"]
    assert report.loc["small", "threshold"] == inf
    assert report.loc["small", ["coverage", "set_size"]].tolist() == [1, 3]
    assert "infinite" in shown.children[-1].value
