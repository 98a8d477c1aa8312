"""`table_after` and `map_report` against loops over kinds of people, drawn people, and `OptimizedPreprocessing`."""

import numpy as np
import pandas as pd
import pytest

from evenodds.preprocessing import OptimizedPreprocessing, map_report, table_after

GOOD = np.array([False, True, False, True])
DELTA = np.array([[0, 1, 1, 2], [1, 0, 2, 1], [1, 2, 0, 1], [2, 1, 1, 0]])


def sampled(seed, groups=2):
    rng = np.random.default_rng(seed)
    p = rng.integers(0, 5, (groups, 4)).astype(float)
    p[:, 0] += 1
    f = rng.dirichlet(np.ones(4), (groups, 4))
    f[p == 0] = np.nan
    return p, f


@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_both_are_what_loops_say(seed, groups):
    p, f = sampled(seed, groups)
    after, total, worst = np.zeros((groups, 4)), 0.0, 0.0
    for d in range(groups):
        for z in range(4):
            if p[d, z]:
                suffered = sum(f[d, z, new] * DELTA[z, new] for new in range(4))
                total, worst = total + p[d, z] * suffered, max(worst, suffered)
                for new in range(4):
                    after[d, new] += p[d, z] * f[d, z, new]
    np.testing.assert_allclose(table_after(p, f), after)
    report = map_report(p, f, favourable=GOOD, distortion=DELTA)
    np.testing.assert_allclose(report["rates"], [row[GOOD].sum() / row.sum() for row in after])
    assert report["mean_distortion"] == pytest.approx(total / p.sum())
    assert report["worst_distortion"] == pytest.approx(worst)
    moved = sum(abs(after[:, z].sum() - p[:, z].sum()) for z in range(4))
    assert report["variation"] == pytest.approx(moved / 2 / p.sum())
    shares = map_report(p / p.sum(), f, favourable=GOOD, distortion=DELTA)
    assert shares["variation"] == pytest.approx(report["variation"])


def test_the_table_is_linear_in_the_map():
    p, f = sampled(0)
    f = np.nan_to_num(f)
    units = np.eye(32).reshape(32, 2, 4, 4)
    columns = np.column_stack([table_after(p, unit).ravel() for unit in units])
    np.testing.assert_allclose(columns @ f.ravel(), table_after(p, f).ravel())


def test_to_change_nobody_costs_nothing_and_a_forbidden_move_that_nobody_makes_neither():
    p, _ = sampled(1)
    nobody = np.broadcast_to(np.eye(4), (2, 4, 4))
    report = map_report(p, nobody, favourable=GOOD, distortion=np.where(DELTA, np.inf, 0))
    assert (report["mean_distortion"], report["worst_distortion"], report["variation"]) == (0, 0, 0)


def test_an_optimized_map_is_reported_as_it_reports_itself():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"degree": rng.integers(0, 2, 200)})
    group = rng.choice(["a", "b"], 200)
    y = (rng.random(200) < np.where(group == "a", 0.3, 0.6)).astype(int)
    learned = OptimizedPreprocessing(epsilon=0.05).fit(X, y, sensitive_features=group)
    good = learned.cells_["y"] == 1
    columns = learned.cells_.to_numpy()
    delta = (columns[:, np.newaxis] != columns).sum(axis=2)
    report = map_report(learned.frequencies_, learned.mapping_, favourable=good, distortion=delta)
    assert report["variation"] == pytest.approx(learned.objective_, abs=1e-7)
    assert report["mean_distortion"] == pytest.approx(learned.expected_distortion_)
    assert report["rates"].max() <= 1.05 * report["rates"].min() + 1e-7
    assert report["worst_distortion"] <= 0.5 + 1e-7


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"f": np.full((2, 4, 4), 0.3)}, "must sum to 1"),
        ({"f": np.broadcast_to(2 * np.eye(4) - 0.25, (2, 4, 4))}, "none negative"),
        ({"f": np.ones((4, 4))}, "shape"),
        ({"p": -np.ones((2, 4))}, "none negative"),
        ({"p": np.zeros((2, 4))}, "not all 0"),
        ({"favourable": [True, False]}, "favourable has shape"),
        ({"distortion": np.eye(3)}, "distortion"),
        ({"distortion": -DELTA}, "at least 0"),
    ],
)
def test_what_is_no_map_is_refused(changes, message):
    given = {"p": np.ones((2, 4)), "f": np.broadcast_to(np.eye(4), (2, 4, 4)), "favourable": GOOD, "distortion": DELTA}
    with pytest.raises(ValueError, match=message):
        map_report(**given | changes)
