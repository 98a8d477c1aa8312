"""A simulated lender, whose mechanism is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evenodds.datasets.dataset import Dataset
from evenodds.datasets.worlds import Biases, Group, draw_world, sigmoid

_ATTRIBUTES = {
    "neighbourhood": (
        Group("Hillside", 0.60, 0.0),
        Group("Riverside", 0.28, 0.4),
        Group("Harbour", 0.12, 0.7),
    ),
    "age_band": (
        Group("under 30", 0.25, 0.3),
        Group("30 to 59", 0.55, 0.0),
        Group("60 and over", 0.20, 0.0),
    ),
}
_MOST_YEARS_EMPLOYED = {"under 30": 10.0, "30 to 59": 35.0, "60 and over": 45.0}


def make_lending(
    n_samples: int = 4000,
    *,
    historical_bias: float = 0.8,
    representation_bias: float = 0.3,
    measurement_bias: float = 0.15,
    feature_measurement_bias: float = 0.0,
    random_state: int | None = 0,
) -> Dataset:
    r"""Simulate people who were lent money, and whether they paid it back.

    A person lives in a neighbourhood :math:`g` and is in an age band :math:`b`. Each holds people back by
    :math:`d_g` and :math:`d_b`, together :math:`d = d_g + d_b`:

    =============  =======  ===========    ============  =======  ===========
    neighbourhood  share    :math:`d_g`    age band      share    :math:`d_b`
    =============  =======  ===========    ============  =======  ===========
    Hillside       .60      0              under 30      .25      .3
    Riverside      .28      .4             30 to 59      .55      0
    Harbour        .12      .7             60 and over   .20      0
    =============  =======  ===========    ============  =======  ===========

    With :math:`h, r, m, f` for the four biases, :math:`\varepsilon` standard normal and :math:`\sigma` the logistic
    function, in this order:

    .. math::

        P(g, b) &\propto \text{share}_g\, \text{share}_b\, (1 - r\,d)
            && \text{representation: who is in the data} \\
        u &\sim N(0, 1), \quad c = u - h\,d
            && \text{historical: merit } u \text{ becomes capacity } c \\
        p &= \sigma(0.9 + 1.2\,c), \quad y^* \sim \text{Bernoulli}(p)
            && \text{the truth: does this person repay?} \\
        y &= y^* \cdot (1 - B), \quad B \sim \text{Bernoulli}(m\,d)
            && \text{measurement: repaid, but recorded as not}

    Merit has the same distribution in every group. The features are

    .. math::

        \text{income} &= \exp(3.5 + 0.3\,c + 0.25\,\varepsilon_1) && \text{(thousand a year)} \\
        \text{debt\_ratio} &= \sigma(-0.8 - 0.5\,c + 0.5\,\varepsilon_2) && \text{(share of income)} \\
        \text{late\_payments} &= \lfloor \exp(0.2 - 0.6\,c + 0.5\,\varepsilon_3) \rfloor
            + \text{Bernoulli}(f\,d) && \text{(feature measurement)} \\
        \text{years\_employed} &= M_b\,V^2, \quad V \sim \text{Uniform}(0, 1),\ M = 10,\ 35,\ 45 \text{ by age band}
            && \text{(proxy for age)} \\
        \text{branch\_distance} &= \exp(0.4 + 1.2\,d_g + 0.4\,\varepsilon_4) && \text{(km; proxy for neighbourhood)}

    Given the group, years employed and branch distance say nothing about repayment: they are proxies, no more.

    Parameters
    ----------
    n_samples : int, default 4000
        Number of people in the data, after under-sampling.
    historical_bias : float >= 0, default 0.8
        The world itself differs: how much capacity a full disadvantage (:math:`d = 1`) costs, in standard
        deviations of merit. Changes capacity, features and the true label.
    representation_bias : float in [0, 1), default 0.3
        People are missing: the share of people with :math:`d = 1` who never enter the data. Changes who is in the
        data, and no rate within a group :math:`(g, b)`.
    measurement_bias : float in [0, 1], default 0.15
        The label is misrecorded: the probability that a repaid loan with :math:`d = 1` is recorded as not repaid.
        Changes ``y``, and neither the features nor ``truth["label"]``.
    feature_measurement_bias : float in [0, 1], default 0
        A feature is misrecorded: the probability that a person with :math:`d = 1` has a punctual payment recorded
        as late. Changes ``X["late_payments"]`` alone; ``truth["late_payments"]`` is what happened.
    random_state : int or None, default 0
        Seed. With the same seed, switching a bias changes only what is written above: the people stay the same
        (except under representation bias, which changes who they are).

    Returns
    -------
    Dataset
        ``X`` as above; ``y`` = recorded as repaid (favourable); ``sensitive`` with neighbourhood and age_band;
        ``truth`` with merit :math:`u`, capacity :math:`c`, probability :math:`p`, label :math:`y^*` and the true
        late_payments.

    Raises
    ------
    ValueError
        If `n_samples` is not a whole number of at least 1, or a bias is outside its range.

    References
    ----------
    The kinds of bias are those of H. Suresh and J. Guttag (2021), "A Framework for Understanding Sources of Harm
    throughout the Machine Learning Life Cycle", section 3. The world is invented for this course.

    Examples
    --------
    >>> from evenodds.datasets import make_lending
    >>> loans = make_lending()
    >>> loans.y.groupby(loans.sensitive["neighbourhood"]).mean().round(2).to_dict()
    {'Harbour': 0.43, 'Hillside': 0.65, 'Riverside': 0.54}
    >>> fair_world = make_lending(historical_bias=0, representation_bias=0, measurement_bias=0)
    >>> bool((fair_world.y == fair_world.truth["label"]).all())
    True
    """
    biases = Biases(historical_bias, representation_bias, measurement_bias, feature_measurement_bias)
    world = draw_world(n_samples, _ATTRIBUTES, biases, intercept=0.9, slope=1.2, random_state=random_state)
    c, rng = world.capacity, world.rng
    e1, e2, e3, e4 = rng.normal(size=(4, n_samples))
    most_years = world.sensitive["age_band"].map(_MOST_YEARS_EMPLOYED).to_numpy(dtype=float)
    years_employed = most_years * rng.random(n_samples) ** 2
    late_payments = np.floor(np.exp(0.2 - 0.6 * c + 0.5 * e3)).astype(int)
    wrongly_late = rng.random(n_samples) < biases.feature_measurement * world.disadvantage

    return Dataset(
        name="lending (simulated)",
        X=pd.DataFrame(
            {
                "income": np.exp(3.5 + 0.3 * c + 0.25 * e1).round(1),
                "debt_ratio": sigmoid(-0.8 - 0.5 * c + 0.5 * e2).round(3),
                "late_payments": late_payments + wrongly_late,
                "years_employed": years_employed.round(1),
                "branch_distance": np.exp(0.4 + 1.2 * world.disadvantage_by["neighbourhood"] + 0.4 * e4).round(1),
            }
        ),
        y=pd.Series(world.recorded, name="repaid"),
        sensitive=world.sensitive,
        label="recorded as repaid",
        favourable=1,
        unit="One row is one person who was lent money.",
        decision="Who is lent money next time.",
        source="Simulated here, by the equations in make_lending's docstring; no real person is in it.",
        description="Biases: " + ", ".join(f"{kind} {strength}" for kind, strength in vars(biases).items()),
        truth=world.truth().assign(late_payments=late_payments),
    )
