"""The figure of intervals says every number that it draws, and marks without colour who is off the line."""

import io
import re

import numpy as np
import pandas as pd
from PIL import Image

from evenodds import plots
from evenodds.metrics import selection_rate
from evenodds.uncertainty import disparity_tests

TABLE = pd.DataFrame(
    {"rate": [0.75, 0.9, np.nan], "low": [0.41, 0.85, np.nan], "high": [0.93, 0.93, np.nan], "n": [8, 2000, 0]},
    index=["East", "West", "North"],
)


def draw(table=TABLE, reference=0.8):
    return plots.intervals(
        table, "rate", title="A title.", xlabel="share hired", reference=reference, caption="How to read."
    )


def test_alt_text_states_every_number_drawn():
    alt = draw().alt
    assert "East 0.75 (0.41 to 0.93, n 8); West 0.90 (0.85 to 0.93, n 2,000); North undefined (n 0)" in alt
    assert "1 of 3 leave out 0.80." in alt
    assert "leave out" not in draw(reference=None).alt


def test_who_is_off_the_line_has_a_filled_marker_and_the_undefined_has_none():
    points = [line for line in draw().figure.axes[0].lines if line.get_marker() == "o"]
    assert [point.get_xdata()[0] for point in points] == [0.75, 0.9]
    assert [point.get_markerfacecolor() == "white" for point in points] == [True, False]
    assert "undefined" in {text.get_text() for text in draw().figure.axes[0].texts}


def test_the_ends_of_an_interval_stand_out_beyond_a_marker_that_is_wider_than_it():
    lines = draw(TABLE.assign(low=TABLE["rate"], high=TABLE["rate"])).figure.axes[0].lines
    ends = [line for line in lines if line.get_marker() == "|"]
    points = [line for line in lines if line.get_marker() == "o"]
    assert [[*end.get_xdata()] for end in ends] == [[0.75, 0.75], [0.9, 0.9]]
    assert min(end.get_markersize() for end in ends) > max(point.get_markersize() for point in points)


def test_it_draws_a_table_of_tests_of_a_hundred_groups():
    rng = np.random.default_rng(0)
    hired, group = rng.integers(0, 2, 4000), rng.integers(0, 100, 4000)
    table = disparity_tests(selection_rate, hired, hired, sensitive_features=group)
    picture = plots.intervals(table, "estimate", title="A title.", xlabel="difference", reference=0)
    assert f"100 groups, the lowest and the highest of which are {table['estimate'].idxmin()} " in picture.alt
    outside = ((table["low"] > 0) | (table["high"] < 0)).sum()
    assert f"{outside} of 100 leave out 0.00" in picture.alt
    width, height = Image.open(io.BytesIO(picture.png())).size
    assert 500 < width < 1000
    assert 100 < height < 800


def test_html_carries_alt_text_and_caption_and_the_same_bytes():
    html = draw()._repr_html_()
    assert "A title." in re.search(r'alt="([^"]+)"', html)[1]
    assert "<figcaption>How to read.</figcaption>" in html
    assert draw().png() == draw().png()
    assert draw().figure.axes[0].get_title(loc="left") == "A title."


def test_of_many_groups_no_two_names_are_written_over_each_other():
    n = 100
    table = pd.DataFrame({"gap": 0.2, "low": 0.1, "high": 0.3, "n": 50}, index=[f"postcode {i}" for i in range(n)])
    axes = plots.intervals(table, "gap", title="T.", xlabel="gap", reference=0).figure.axes[0]
    assert min(np.diff(axes.get_yticks())) >= 3
