"""The two recipes of the auditing module, against numbers computed with Fairlearn from the module's own code."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from evenodds.datasets import make_audit_lab

# Per group (0, 1), on the test rows, for LogisticRegression(max_iter=2000) without the group.
BASELINE = {
    "lab": {
        "selection_rate": (0.524, 0.218),
        "accuracy": (0.821, 0.870),
        "fpr": (0.150, 0.115),
        "tpr": (0.800, 0.784),
        "overall": 0.8455,
        "demographic_parity": (0.306, 0.416),
        "opportunity": 0.016,
    },
    "example": {
        "selection_rate": (0.498, 0.159),
        "accuracy": (0.838, 0.890),
        "fpr": (0.094, 0.072),
        "tpr": (0.789, 0.667),
        "overall": 0.8625,
        "demographic_parity": (0.339, 0.318),
        "opportunity": 0.122,
    },
}


@pytest.fixture(params=BASELINE)
def audit(request):
    lab = make_audit_lab(request.param)
    y_pred = LogisticRegression(max_iter=2000).fit(lab.X_train, lab.y_train).predict(lab.X_test)
    y, a = lab.y_test.to_numpy(), lab.a_test.to_numpy()

    def rate(of, among=True):
        return np.array([of[(a == g) & among].mean() for g in (0, 1)])

    return {
        "published": BASELINE[request.param],
        "selection_rate": rate(y_pred == 1),
        "accuracy": rate(y_pred == y),
        "fpr": rate(y_pred == 1, y == 0),
        "tpr": rate(y_pred == 1, y == 1),
        "overall": (y_pred == y).mean(),
    }


@pytest.mark.parametrize("rate", ["selection_rate", "accuracy", "fpr", "tpr"])
def test_baseline_rates_equal_the_printed_ones(audit, rate):
    assert audit[rate].round(3).tolist() == pytest.approx(audit["published"][rate], abs=1e-9)


def test_baseline_summaries_equal_the_printed_ones(audit):
    published, rates, tpr = audit["published"], audit["selection_rate"], audit["tpr"]
    assert audit["overall"] == pytest.approx(published["overall"], abs=5.1e-5)
    assert (np.ptp(rates).round(3), (rates.min() / rates.max()).round(3)) == published["demographic_parity"]
    assert np.ptp(tpr).round(3) == published["opportunity"]


def test_lab_base_rates_equal_the_printed_ones():
    lab = make_audit_lab()
    assert lab.y.groupby(lab.a).mean().round(3).to_dict() == {0: 0.588, 1: 0.156}


@pytest.mark.parametrize(("recipe", "n", "test"), [("lab", 2200, 660), ("example", 1600, 480)])
def test_sizes_are_the_recipes_own(recipe, n, test):
    lab = make_audit_lab(recipe)
    assert (len(lab), len(lab.X_test), list(lab.X)) == (n, test, ["x1", "x2", "x3"])
    assert abs(lab.y_train.mean() - lab.y_test.mean()) < 1 / len(lab.y_test)


@pytest.mark.parametrize("recipe", BASELINE)
def test_true_probability_predicts_the_label_in_each_group(recipe):
    lab = make_audit_lab(recipe, n_samples=40_000, random_state=1)
    p = lab.truth["probability"]
    for group in (0, 1):
        among = lab.a == group
        standard_error = np.sqrt((p * (1 - p))[among].sum()) / among.sum()
        assert abs(p[among].mean() - lab.y[among].mean()) < 4 * standard_error


def test_true_base_rate_follows_from_the_recipe():
    # In group g the sum s + noise is normal, so P(y = 1) has a closed form.
    variance = 1.1**2 + 0.8**2 * 1.1**2 + 0.5**2 + 1.0
    means = (1.1 * 0.5 + 0.8 * 0.3, 1.1 * -0.4 + 0.8 * -0.2 + 0.5 * 0.2 - 0.8)
    lab = make_audit_lab(n_samples=40_000, random_state=1)
    for group, mean in enumerate(means):
        expected = norm.sf(0.45, loc=mean, scale=np.sqrt(variance))
        n = (lab.a == group).sum()
        assert abs(lab.y[lab.a == group].mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / n)


def test_seed_decides_the_draws_and_the_split():
    first, again, other = (make_audit_lab(random_state=seed) for seed in (7, 7, 8))
    assert first.X_train.equals(again.X_train)
    assert not first.X.equals(other.X)
    assert make_audit_lab().X.equals(make_audit_lab(random_state=31, n_samples=2200).X)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"recipe": "homework"}, r"'homework'.*example.*lab"),
        ({"n_samples": 5}, "n_samples is 5"),
        ({"n_samples": 100.0}, "n_samples is 100.0"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_audit_lab(**arguments)
