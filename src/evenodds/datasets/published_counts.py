"""Two published tables of counts, small enough to hold in code."""

from __future__ import annotations

import numpy as np
import pandas as pd

_CELLS = {"TN": (0, 0), "FP": (0, 1), "FN": (1, 0), "TP": (1, 1)}

# Per race: TN, FP, FN, TP, with y_true = re-offended within two years and y_pred = scored Medium or High.
_COMPAS_ALL_ROWS = {
    "Black": (990, 805, 532, 1369),
    "White": (1139, 349, 461, 505),
    "everyone": (2681, 1282, 1216, 2035),
}
_COMPAS_FILTERED = {
    "Black": (873, 641, 473, 1188),
    "White": (999, 282, 408, 414),
    "everyone": (2345, 1018, 1076, 1733),
}

# Per department: men admitted, men rejected, women admitted, women rejected.
_BERKELEY = {
    "A": (512, 313, 89, 19),
    "B": (353, 207, 17, 8),
    "C": (120, 205, 202, 391),
    "D": (138, 279, 131, 244),
    "E": (53, 138, 94, 299),
    "F": (22, 351, 24, 317),
}


def _one_row_per_person(counts: pd.DataFrame) -> pd.DataFrame:
    """Repeat each row of a table of counts `n` times, and drop `n`."""
    people = counts.loc[np.repeat(counts.index, counts["n"])].drop(columns="n").reset_index(drop=True)
    people.attrs = counts.attrs
    return people


def compas_counts(*, filtered: bool = False, expand: bool = False) -> pd.DataFrame:
    """How COMPAS's risk score met what happened, by race: ProPublica's published counts.

    ``y_true`` is 1 for a person who was charged with a new crime within two years, ``y_pred`` is 1 for a person
    scored Medium or High (decile 5 to 10). Both ones are the **unfavourable** outcome: a false positive is a person
    called risky who did not re-offend, so ``attrs["favourable"]`` is 0.

    Parameters
    ----------
    filtered : bool, default False
        False: all 7,214 rows, from which ProPublica's printed two-by-two tables and error rates come.
        True: the 6,172 rows that pass ProPublica's filter (screened within 30 days of the arrest, known outcome, a
        felony or misdemeanour), from which its regression and most later papers come. Do not mix the two.
    expand : bool, default False
        False: one row per cell, with its count ``n``, which serves as ``sample_weight``. True: one row per person.

    Returns
    -------
    DataFrame
        Columns race, y_true, y_pred, cell (TN, FP, FN or TP) and, unless expanded, n. Race is "Black", "White" or
        "Other"; Other was not printed and is everyone minus Black minus White. ``attrs`` holds ``favourable``,
        ``label`` and ``source``.

    References
    ----------
    J. Larson, S. Mattu, L. Kirchner, J. Angwin (2016), "How We Analyzed the COMPAS Recidivism Algorithm",
    ProPublica. All rows: its section on false positives and false negatives. Filtered: counted from its data file.

    Examples
    --------
    >>> from evenodds.datasets import compas_counts
    >>> table = compas_counts().pivot(index="race", columns="cell", values="n")[["TN", "FP", "FN", "TP"]]
    >>> table.loc["Black"].tolist()
    [990, 805, 532, 1369]
    >>> fpr = table["FP"] / (table["FP"] + table["TN"])
    >>> fpr[["Black", "White"]].round(4).tolist()
    [0.4485, 0.2345]
    >>> len(compas_counts(expand=True))
    7214
    """
    published = _COMPAS_FILTERED if filtered else _COMPAS_ALL_ROWS
    by_race = {race: np.array(published[race]) for race in ("Black", "White")}
    by_race["Other"] = np.array(published["everyone"]) - by_race["Black"] - by_race["White"]
    counts = pd.DataFrame(
        [
            (race, *_CELLS[cell], cell, int(n))
            for race, row in by_race.items()
            for cell, n in zip(_CELLS, row, strict=True)
        ],
        columns=["race", "y_true", "y_pred", "cell", "n"],
    )
    counts.attrs = {
        "favourable": 0,
        "label": "charged with a new crime within two years",
        "source": "ProPublica (2016), published counts; Other by subtraction",
    }
    return _one_row_per_person(counts) if expand else counts


def berkeley_admissions(*, expand: bool = False) -> pd.DataFrame:
    """Applicants to Berkeley's six largest graduate departments in 1973, by gender and admission.

    Overall 1,198 of 2,691 men (44.5 %) and 557 of 1,835 women (30.4 %) were admitted; by department, women were
    admitted more often than men in A, B, D and F.

    Parameters
    ----------
    expand : bool, default False
        False: one row per cell, with its count ``n``, which serves as ``sample_weight``. True: one row per person.

    Returns
    -------
    DataFrame
        Columns department (A to F), gender ("men", "women"), admitted (1 is favourable) and, unless expanded, n.
        ``attrs`` holds ``favourable``, ``label`` and ``source``.

    Notes
    -----
    At least one public copy gives 313 admitted men in department B. 353 is right: 353 of 560 is the 63 % that
    Freedman, Pisani and Purves print.

    References
    ----------
    P. J. Bickel, E. A. Hammel, J. W. O'Connell (1975), "Sex Bias in Graduate Admissions: Data from Berkeley",
    Science 187, 398-404. Counts by department: D. Freedman, R. Pisani, R. Purves, "Statistics"; R's UCBAdmissions.

    Examples
    --------
    >>> from evenodds.datasets import berkeley_admissions
    >>> people = berkeley_admissions(expand=True)
    >>> people.groupby("gender")["admitted"].mean().round(3).to_dict()
    {'men': 0.445, 'women': 0.304}
    """
    cells = [("men", 1), ("men", 0), ("women", 1), ("women", 0)]
    counts = pd.DataFrame(
        [(department, *cell, n) for department, row in _BERKELEY.items() for cell, n in zip(cells, row, strict=True)],
        columns=["department", "gender", "admitted", "n"],
    )
    counts.attrs = {
        "favourable": 1,
        "label": "admitted",
        "source": "Bickel, Hammel, O'Connell (1975); Freedman, Pisani, Purves; R's UCBAdmissions",
    }
    return _one_row_per_person(counts) if expand else counts
