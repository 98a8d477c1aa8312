"""The simulated lender and employer: every bias does what its docstring says, and nothing else."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from evenodds.datasets import make_hiring, make_lending

FAIR = dict.fromkeys(("historical_bias", "representation_bias", "measurement_bias", "feature_measurement_bias"), 0.0)
N = 40_000

# The tables of the docstrings: share and disadvantage of each group; intercept and slope of the truth.
WORLDS = {
    make_lending: {
        "attributes": {
            "neighbourhood": {"Hillside": (0.60, 0), "Riverside": (0.28, 0.4), "Harbour": (0.12, 0.7)},
            "age_band": {"under 30": (0.25, 0.3), "30 to 59": (0.55, 0), "60 and over": (0.20, 0)},
        },
        "truth": (0.9, 1.2),
        "misrecorded": "late_payments",
    },
    make_hiring: {
        "attributes": {
            "gender": {"man": (0.52, 0), "woman": (0.44, 0.4), "non-binary": (0.04, 0.5)},
            "disability": {"not disabled": (0.87, 0), "disabled": (0.13, 0.5)},
        },
        "truth": (0.3, 1.4),
        "misrecorded": "test_score",
    },
}
worlds = pytest.mark.parametrize("make", WORLDS, ids=lambda make: make.__name__)


def cells(make, data):
    """Each pair of groups: its rows as a mask, its share of the population and its disadvantage."""
    (first, firsts), (second, seconds) = WORLDS[make]["attributes"].items()
    for g, (share_g, d_g) in firsts.items():
        for b, (share_b, d_b) in seconds.items():
            mask = (data.sensitive[first] == g) & (data.sensitive[second] == b)
            yield mask.to_numpy(), share_g * share_b, d_g + d_b


def assert_share(observed, expected, n):
    """The share of n draws is within four and a half standard errors of what it should be."""
    assert abs(observed - expected) <= 4.5 * np.sqrt(expected * (1 - expected) / n) + 1e-12


def true_rate(make, historical, d):
    intercept, slope = WORLDS[make]["truth"]
    value, _ = quad(lambda u: norm.pdf(u) / (1 + np.exp(-intercept - slope * (u - historical * d))), -9, 9)
    return value


@worlds
def test_shapes_labels_and_groups_are_valid(make):
    data = make(500)
    assert len(data) == 500
    assert not data.frame.isna().any().any()
    assert all(np.issubdtype(dtype, np.number) for dtype in data.X.dtypes)
    for name, groups in WORLDS[make]["attributes"].items():
        assert set(data.sensitive[name]) == set(groups)
    assert data.favourable == 1
    assert set(data.truth) >= {"merit", "capacity", "probability", "label"}


@worlds
def test_default_world_has_a_visible_gap_and_a_small_intersection(make):
    data = make()
    for name in data.sensitive:
        rates = data.y.groupby(data.sensitive[name]).mean()
        assert 0.05 < np.ptp(rates) < 0.35
    assert 5 <= data.sensitive.value_counts().min() < 0.03 * len(data)


@worlds
def test_seed_decides_everything(make):
    assert make(200, random_state=3).frame.equals(make(200, random_state=3).frame)
    assert not make(200, random_state=3).frame.equals(make(200, random_state=4).frame)
    assert not make(200, random_state=None).frame.equals(make(200, random_state=None).frame)


@worlds
def test_without_bias_every_group_has_the_same_true_rate_and_its_share_of_the_data(make):
    data = make(N, **FAIR, random_state=1)
    rate = true_rate(make, 0, 0)
    for mask, share, _ in cells(make, data):
        assert_share(mask.mean(), share, N)
        assert_share(data.y[mask].mean(), rate, mask.sum())
    assert data.y.equals(data.truth["label"].rename(data.y.name))


@worlds
def test_labels_follow_the_true_probability(make):
    data = make(N, **(FAIR | {"historical_bias": 1.0}), random_state=2)
    p = data.truth["probability"]
    for low in np.arange(0, 1, 0.2):
        bin_ = (p >= low) & (p < low + 0.2)
        assert_share(data.truth["label"][bin_].mean(), p[bin_].mean(), bin_.sum())


@worlds
def test_historical_bias_lowers_the_true_rate_by_the_equation(make):
    data = make(N, **(FAIR | {"historical_bias": 1.0}), random_state=1)
    for mask, _, d in cells(make, data):
        assert_share(data.truth["label"][mask].mean(), true_rate(make, 1.0, d), mask.sum())
        assert data.truth["merit"][mask].mean() == pytest.approx(0, abs=4.5 / np.sqrt(mask.sum()))
    assert data.y.equals(data.truth["label"].rename(data.y.name))


@worlds
def test_historical_bias_keeps_the_people_and_their_merit(make):
    fair, unfair = make(2000, **FAIR), make(2000, **(FAIR | {"historical_bias": 1.0}))
    assert fair.sensitive.equals(unfair.sensitive)
    assert fair.truth["merit"].equals(unfair.truth["merit"])
    for mask, _, d in cells(make, fair):
        assert np.allclose(unfair.truth["capacity"][mask], fair.truth["merit"][mask] - d)
        assert fair.X[mask].equals(unfair.X[mask]) == (d == 0)


@worlds
def test_representation_bias_thins_out_groups_and_leaves_their_rates(make):
    data = make(N, **(FAIR | {"representation_bias": 0.6}), random_state=1)
    kept = sum(share * (1 - 0.6 * d) for _, share, d in cells(make, data))
    for mask, share, d in cells(make, data):
        assert_share(mask.mean(), share * (1 - 0.6 * d) / kept, N)
        assert_share(data.y[mask].mean(), true_rate(make, 0, 0), mask.sum())


@worlds
def test_measurement_bias_of_the_label_changes_only_the_recorded_label(make):
    exact, recorded = (make(N, **(FAIR | {"measurement_bias": m}), random_state=1) for m in (0.0, 0.4))
    assert recorded.X.equals(exact.X)
    assert recorded.truth.equals(exact.truth)
    label = recorded.truth["label"]
    assert (recorded.y <= label).all()
    for mask, _, d in cells(make, recorded):
        did_well = mask & (label == 1).to_numpy()
        assert_share((recorded.y[did_well] == 0).mean(), 0.4 * d, did_well.sum())
        assert_share(label[mask].mean(), true_rate(make, 0, 0), mask.sum())


@worlds
def test_measurement_bias_of_a_feature_changes_only_that_feature(make):
    exact, recorded = (make(N, **(FAIR | {"feature_measurement_bias": f}), random_state=1) for f in (0.0, 0.5))
    column = WORLDS[make]["misrecorded"]
    assert recorded.X.drop(columns=column).equals(exact.X.drop(columns=column))
    assert recorded.y.equals(exact.y)
    assert recorded.truth.equals(exact.truth)
    assert exact.X[column].equals(exact.truth[column])
    error = recorded.X[column] - recorded.truth[column]
    for mask, _, d in cells(make, recorded):
        if make is make_lending:
            assert set(error[mask]) <= {0, 1}
            assert_share(error[mask].mean(), 0.5 * d, mask.sum())
        else:
            uncut = mask & recorded.X[column].between(1, 99).to_numpy() & (recorded.truth[column] < 100).to_numpy()
            assert (error[uncut] + 20 * 0.5 * d).abs().max() <= 1


@pytest.mark.parametrize(
    ("make", "proxy", "attribute"),
    [
        (make_lending, "branch_distance", "neighbourhood"),
        (make_lending, "years_employed", "age_band"),
        (make_hiring, "career_gap", "gender"),
    ],
)
def test_a_proxy_tells_the_group_and_nothing_about_merit(make, proxy, attribute):
    data = make(N, **FAIR, random_state=1)
    between = data.X[proxy].groupby(data.sensitive[attribute]).mean()
    assert between.max() > 1.3 * between.min()
    for mask, _, _ in cells(make, data):
        correlation = np.corrcoef(data.X[proxy][mask], data.truth["merit"][mask])[0, 1]
        assert abs(correlation) < 4.5 / np.sqrt(mask.sum())


def test_features_carry_merit():
    lending, hiring = make_lending(N, **FAIR), make_hiring(N, **FAIR)
    for data, column, sign in [
        (lending, "income", 1),
        (lending, "debt_ratio", -1),
        (lending, "late_payments", -1),
        (hiring, "years_education", 1),
        (hiring, "years_experience", 1),
        (hiring, "test_score", 1),
        (hiring, "referred", 1),
    ]:
        assert sign * np.corrcoef(data.X[column], data.truth["merit"])[0, 1] > 0.15, column


@worlds
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_samples": 0}, "n_samples is 0"),
        ({"n_samples": 10.5}, "n_samples is 10.5"),
        ({"n_samples": True}, "n_samples is True"),
        ({"historical_bias": -1}, "historical_bias is -1"),
        ({"historical_bias": np.nan}, "historical_bias is nan"),
        ({"representation_bias": 1}, "representation_bias is 1.*below 1"),
        ({"measurement_bias": 1.5}, "measurement_bias is 1.5.*between 0 and 1"),
        ({"feature_measurement_bias": -0.1}, "feature_measurement_bias is -0.1"),
        ({"measurement_bias": np.nan}, "measurement_bias is nan"),
    ],
)
def test_bad_arguments_are_named(make, arguments, message):
    with pytest.raises(ValueError, match=message):
        make(**arguments)


@worlds
def test_one_person_is_a_world_too(make):
    assert len(make(1)) == 1
