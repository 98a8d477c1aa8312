"""The explorer of prices shows what a plain fit on relabelled people gives."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from evenodds.datasets import make_audit_lab
from evenodds.explorers import PriceExplorer

LAB = make_audit_lab()
X, Y, GROUP = LAB.X_train, LAB.y_train.to_numpy(), LAB.a_train.to_numpy()


def explorer(price, counted="everyone"):
    shown = PriceExplorer(X, Y, sensitive_features=GROUP)
    shown._counted.value = counted
    shown._price.value = price
    return shown


@pytest.mark.parametrize("price", [-1.5, 0, 0.4, 1.3])
@pytest.mark.parametrize("counted", ["everyone", "people with label 1"])
def test_worth_and_rates_by_loop(price, counted):
    counts = np.ones(len(Y)) if counted == "everyone" else Y
    worth = [
        2 * y - 1 + c * price * len(Y) * (1 / counts.sum() - (g == 0) / counts[GROUP == 0].sum())
        for y, g, c in zip(Y, GROUP, counts, strict=True)
    ]
    shown = explorer(price, counted)
    np.testing.assert_allclose(shown.signed_weights(), worth)
    labels, weights = np.array(worth) > 0, np.abs(worth)
    decided = LogisticRegression(max_iter=2000).fit(X, labels, sample_weight=weights).predict(X)
    assert shown.rates().loc[0, "selection rate"] == pytest.approx(decided[GROUP == 0].mean())
    assert shown.relabelled()["people"].sum() == len(Y)


def test_a_move_draws_the_view_anew_and_says_how_many_labels_are_turned():
    shown = explorer(0)
    assert "0 of 1,540 labels are turned" in shown._view.value
    shown._price.value = 1.3
    turned = int(((np.asarray(shown.signed_weights()) > 0) != Y).sum())
    assert turned > 1000
    assert f"{turned:,} of 1,540 labels are turned" in shown._view.value
