"""A simulated employer, whose mechanism is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evenodds.datasets.dataset import Dataset
from evenodds.datasets.worlds import Biases, Group, draw_world, sigmoid

_ATTRIBUTES = {
    "gender": (
        Group("man", 0.52, 0.0),
        Group("woman", 0.44, 0.4),
        Group("non-binary", 0.04, 0.5),
    ),
    "disability": (
        Group("not disabled", 0.87, 0.0),
        Group("disabled", 0.13, 0.5),
    ),
}


def make_hiring(
    n_samples: int = 4000,
    *,
    historical_bias: float = 0.6,
    representation_bias: float = 0.3,
    measurement_bias: float = 0.2,
    feature_measurement_bias: float = 0.5,
    random_state: int | None = 0,
) -> Dataset:
    r"""Simulate people who were hired, and how their first year was rated.

    A person has a gender :math:`g` and is disabled or not, :math:`b`. Each holds people back by :math:`d_g` and
    :math:`d_b`, together :math:`d = d_g + d_b`:

    ==========  =======  ===========    ============  =======  ===========
    gender      share    :math:`d_g`    disability    share    :math:`d_b`
    ==========  =======  ===========    ============  =======  ===========
    man         .52      0              not disabled  .87      0
    woman       .44      .4             disabled      .13      .5
    non-binary  .04      .5
    ==========  =======  ===========    ============  =======  ===========

    With :math:`h, r, m, f` for the four biases, :math:`\varepsilon` standard normal and :math:`\sigma` the logistic
    function, in this order:

    .. math::

        P(g, b) &\propto \text{share}_g\, \text{share}_b\, (1 - r\,d)
            && \text{representation: who is in the data} \\
        u &\sim N(0, 1), \quad c = u - h\,d
            && \text{historical: merit } u \text{ becomes capacity } c \\
        p &= \sigma(0.3 + 1.4\,c), \quad y^* \sim \text{Bernoulli}(p)
            && \text{the truth: does this person do well?} \\
        y &= y^* \cdot (1 - B), \quad B \sim \text{Bernoulli}(m\,d)
            && \text{measurement: did well, but was rated as not}

    Merit has the same distribution in every group. The features are

    .. math::

        \text{years\_education} &= \text{round}(14 + 1.2\,c + 1.3\,\varepsilon_1) \\
        \text{years\_experience} &= \max(0,\ 7 + 2\,c + 3\,\varepsilon_2) \\
        \text{test\_score} &= \text{round}(62 + 10\,c + 6\,\varepsilon_3 - 20\,f\,d), \text{ cut to } [0, 100]
            && \text{(feature measurement)} \\
        \text{referred} &\sim \text{Bernoulli}(\sigma(-0.9 + 0.5\,c - 1.5\,d))
            && \text{(by an employee; part signal, part proxy)} \\
        \text{career\_gap} &= \lfloor \text{Exponential, mean } 3 + 15\,d \rfloor
            && \text{(months; proxy)}

    Given the group, a career gap says nothing about how well a person does: it is a proxy, no more.

    Parameters
    ----------
    n_samples : int, default 4000
        Number of people in the data, after under-sampling.
    historical_bias : float >= 0, default 0.6
        The world itself differs: how much capacity a full disadvantage (:math:`d = 1`) costs, in standard
        deviations of merit. Changes capacity, features and the true label.
    representation_bias : float in [0, 1), default 0.3
        People are missing: the share of people with :math:`d = 1` who never enter the data. Changes who is in the
        data, and no rate within a group :math:`(g, b)`.
    measurement_bias : float in [0, 1], default 0.2
        The label is misrecorded: the probability that a person with :math:`d = 1` who does well is rated as not
        doing well. Changes ``y``, and neither the features nor ``truth["label"]``.
    feature_measurement_bias : float in [0, 1], default 0.5
        A feature is misrecorded: at 1, a person with :math:`d = 1` is scored 20 points below what the same capacity
        earns others, for example by a test that allows no extra time. Changes ``X["test_score"]`` alone;
        ``truth["test_score"]`` is the score without it.
    random_state : int or None, default 0
        Seed. With the same seed, switching a bias changes only what is written above: the people stay the same
        (except under representation bias, which changes who they are).

    Returns
    -------
    Dataset
        ``X`` as above; ``y`` = rated as doing well (favourable); ``sensitive`` with gender and disability;
        ``truth`` with merit :math:`u`, capacity :math:`c`, probability :math:`p`, label :math:`y^*` and the true
        test_score.

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
    >>> from evenodds.datasets import make_hiring
    >>> staff = make_hiring()
    >>> staff.y.groupby(staff.sensitive["disability"]).mean().round(2).to_dict()
    {'disabled': 0.37, 'not disabled': 0.51}
    >>> int(staff.sensitive.value_counts()["non-binary", "disabled"])
    20
    """
    biases = Biases(historical_bias, representation_bias, measurement_bias, feature_measurement_bias)
    world = draw_world(n_samples, _ATTRIBUTES, biases, intercept=0.3, slope=1.4, random_state=random_state)
    c, d, rng = world.capacity, world.disadvantage, world.rng
    e1, e2, e3 = rng.normal(size=(3, n_samples))
    score = 62 + 10 * c + 6 * e3

    return Dataset(
        name="hiring (simulated)",
        X=pd.DataFrame(
            {
                "years_education": (14 + 1.2 * c + 1.3 * e1).round().astype(int),
                "years_experience": np.maximum(0, 7 + 2 * c + 3 * e2).round(1),
                "test_score": _on_test_scale(score - 20 * biases.feature_measurement * d),
                "referred": (rng.random(n_samples) < sigmoid(-0.9 + 0.5 * c - 1.5 * d)).astype(int),
                "career_gap": np.floor(rng.exponential(3 + 15 * d)).astype(int),
            }
        ),
        y=pd.Series(world.recorded, name="does_well"),
        sensitive=world.sensitive,
        label="rated as doing well in the first year",
        favourable=1,
        unit="One row is one person who was hired.",
        decision="Who is invited to an interview next time.",
        source="Simulated here, by the equations in make_hiring's docstring; no real person is in it.",
        description="Biases: " + ", ".join(f"{kind} {strength}" for kind, strength in vars(biases).items()),
        truth=world.truth().assign(test_score=_on_test_scale(score)),
    )


def _on_test_scale(score: np.ndarray) -> np.ndarray:
    return np.clip(score.round(), 0, 100).astype(int)
