"""The two simulated audits of the fairness-and-bias-auditing module, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evenodds.datasets.dataset import Dataset


@dataclass(frozen=True)
class _Recipe:
    seed: int
    n_samples: int
    means: tuple[tuple[float, float], ...]
    weights: tuple[float, float, float]
    penalty: float
    noise: float
    cut: float


_RECIPES = {
    "lab": _Recipe(31, 2200, ((0.5, -0.4), (0.3, -0.2), (0.0, 0.2)), (1.1, 0.8, 0.5), 0.8, 1.0, 0.45),
    "example": _Recipe(23, 1600, ((0.4, -0.3), (0.2, -0.2), (0.0, 0.0)), (1.2, 0.8, 0.4), 0.7, 0.9, 0.35),
}
_SCALES = (1.0, 1.1, 1.0)


def make_audit_lab(recipe: str = "lab", *, n_samples: int | None = None, random_state: int | None = None) -> Dataset:
    r"""Simulate one of the two audits of the course's auditing module, draw by draw.

    Each person has a group :math:`a \in \{0, 1\}`, each with probability 1/2, three features, and a label:

    .. math::

        x_j &\sim N(\mu_{j,a},\, \sigma_j^2), \qquad \sigma = (1,\ 1.1,\ 1) \\
        s &= w_1 x_1 + w_2 x_2 + w_3 x_3 - \delta\,[a = 1] \\
        y &= [\,s + \varepsilon > c\,], \qquad \varepsilon \sim N(0, \tau^2)

    =========  =====  ====  ===========================================  =============  ========  ======  ====
    recipe     seed   n     (:math:`\mu_{j,0}`, :math:`\mu_{j,1}`)         w              δ         τ       c
    =========  =====  ====  ===========================================  =============  ========  ======  ====
    lab        31     2200  (.5, −.4), (.3, −.2), (0, .2)                1.1, .8, .5    .8        1       .45
    example    23     1600  (.4, −.3), (.2, −.2), (0, 0)                 1.2, .8, .4    .7        .9      .35
    =========  =====  ====  ===========================================  =============  ========  ======  ====

    Group 1 has lower features *and* a lower label at equal features (δ), so the groups' base rates differ: .588
    and .156 in the lab. The group itself is not a feature.

    Parameters
    ----------
    recipe : {"lab", "example"}, default "lab"
        The module's hands-on lab, or the example of its section on measuring.
    n_samples : int, optional
        Number of people; the recipe's own by default.
    random_state : int, optional
        Seed of the draws and of the split; the recipe's own by default.

    Returns
    -------
    Dataset
        ``X`` with columns x1, x2, x3; ``y``; ``a``; the module's split (30 % test, same share of each label, same
        seed); and ``truth`` with ``score`` (:math:`s`) and ``probability``,
        :math:`P(y = 1 \mid x, a) = \Phi((s - c)/\tau)`.

    Raises
    ------
    ValueError
        If the recipe is unknown or `n_samples` is not a whole number of at least 10.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from evenodds.datasets import make_audit_lab
    >>> lab = make_audit_lab()
    >>> y_pred = LogisticRegression(max_iter=2000).fit(lab.X_train, lab.y_train).predict(lab.X_test)
    >>> round(float((y_pred == lab.y_test).mean()), 4)
    0.8455
    """
    from scipy.special import ndtr

    if recipe not in _RECIPES:
        raise ValueError(f"recipe is {recipe!r}; make_audit_lab knows {sorted(_RECIPES)}.")
    r = _RECIPES[recipe]
    n = r.n_samples if n_samples is None else n_samples
    if not isinstance(n, (int, np.integer)) or n < 10:
        raise ValueError(f"n_samples is {n!r}; make_audit_lab needs a whole number of at least 10.")
    seed = r.seed if random_state is None else random_state

    rng = np.random.default_rng(seed)
    a = rng.integers(0, 2, size=n)
    x = [
        rng.normal(loc=np.where(a == 0, *means), scale=scale, size=n)
        for means, scale in zip(r.means, _SCALES, strict=True)
    ]
    score = r.weights[0] * x[0] + r.weights[1] * x[1] + r.weights[2] * x[2] - r.penalty * (a == 1)
    y = (score + rng.normal(scale=r.noise, size=n) > r.cut).astype(int)

    return Dataset(
        name=f"audit {recipe}",
        X=pd.DataFrame({"x1": x[0], "x2": x[1], "x3": x[2]}),
        y=pd.Series(y, name="y"),
        sensitive=pd.DataFrame({"a": a}),
        label="the person qualifies",
        favourable=1,
        unit="One row is one simulated person.",
        decision="Who is selected.",
        source="Simulated here, after the recipe of the auditing module; no real person is in it.",
        description="Group 1 has lower features and, at equal features, a lower label. The group is not a feature.",
        truth=pd.DataFrame({"score": score, "probability": ndtr((score - r.cut) / r.noise)}),
    ).split(test_size=0.3, random_state=seed)
