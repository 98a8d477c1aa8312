"""COMPAS scores in Broward County, as ProPublica published them."""

from __future__ import annotations

import io
import os

import pandas as pd

from evenodds.datasets.dataset import Dataset
from evenodds.datasets.files import PublishedFile, read_published

_TWO_YEARS = PublishedFile(
    "compas/compas-scores-two-years.csv",
    "c451db85908b2f7fef1d83203bedf6b71ecda0d5af468d82ae62178f91d0cc7d",
    "ProPublica",
    "compas-scores-two-years.csv",
)
_VIOLENT = PublishedFile(
    "compas/compas-scores-two-years-violent.csv",
    "918e218ba181d4db8a7266977d23ca7a5ecf1bc7d5defd7b2f27bf3cbd9763e3",
    "ProPublica",
    "compas-scores-two-years-violent.csv",
)
_FEATURES = ["age", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count", "c_charge_degree"]
_SENSITIVE = ["race", "sex", "age_cat"]
_FOR_THE_FILTER = ["days_b_screening_arrest", "is_recid"]


def fetch_compas(
    *,
    violent: bool = False,
    filtered: bool = False,
    data_home: str | os.PathLike[str] | None = None,
    download: bool = True,
) -> Dataset:
    """COMPAS: who was scored as likely to re-offend, and who did, in Broward County, 2013-2014.

    The files hold people's names, birth dates, case numbers and dates of arrest. Those columns are never read: only
    the columns named below enter the memory of the notebook.

    Parameters
    ----------
    violent : bool, default False
        False: any new crime within two years, 7,214 people. True: a violent one, 4,743 people.
    filtered : bool, default False
        True keeps the rows of ProPublica's regressions (6,172; violent: 4,020): screened within 30 days of the
        arrest, known outcome, a felony or misdemeanour, a score. ProPublica's printed two-by-two tables use all
        rows; do not mix the two.
    data_home : path-like, optional
        Folder asked first, and where a download is kept; by default the folder named by ``EVENODDS_HOME``, else the
        user's cache folder.
    download : bool, default True
        Whether to download the file if neither `data_home` nor the folder named by ``EVENODDS_DATA`` has it.

    Returns
    -------
    Dataset
        ``X``: age, juvenile and prior counts, charge degree (F felony, M misdemeanour). ``y``: two_year_recid, where
        1, a new charge within two years, is the **unfavourable** label. ``sensitive``: race, sex, age_cat.
        ``predictions``: decile_score (1 to 10), score_text, and high_risk, 1 for Medium or High (decile 5 or more),
        which is what ProPublica's tables call high. ``obtained_from`` says which place the file came from.

    Raises
    ------
    FileNotFoundError
        If the file is in neither folder and `download` is False.
    ConnectionError
        If the publisher cannot be reached; the message says how to place the file by hand.
    OSError
        If the file's content has another sha256 than the published one.

    Notes
    -----
    A new charge is not a new crime: it also measures where the police look. Some people are in the two-year window
    only because they were charged again, so the base rates are too high (Barenstein 2019). There are 32 Asian and
    18 Native American people: too few for stable rates.

    References
    ----------
    J. Angwin, J. Larson, S. Mattu, L. Kirchner (2016), "Machine Bias", ProPublica; data at
    github.com/propublica/compas-analysis, without a stated licence.
    M. Barenstein (2019), "ProPublica's COMPAS Data Revisited".

    Examples
    --------
    >>> from evenodds.datasets import fetch_compas
    >>> compas = fetch_compas(filtered=True)
    >>> len(compas), compas.favourable
    (6172, 0)
    """
    file, prefix = (_VIOLENT, "v_") if violent else (_TWO_YEARS, "")
    scores = {f"{prefix}decile_score": "decile_score", f"{prefix}score_text": "score_text"}
    (content,), place = read_published(file, data_home=data_home, download=download)
    people = pd.read_csv(
        io.BytesIO(content),
        usecols=[*_FEATURES, *_SENSITIVE, *_FOR_THE_FILTER, *scores, "two_year_recid"],
        keep_default_na=False,
        na_values={"days_b_screening_arrest": [""]},
    ).rename(columns=scores)
    if filtered:
        people = people[_passes_propublicas_filter(people)].reset_index(drop=True)
    crime = "a violent crime" if violent else "a crime"
    return Dataset(
        name="COMPAS, violent" if violent else "COMPAS",
        X=people[_FEATURES],
        y=people["two_year_recid"],
        sensitive=people[_SENSITIVE],
        label=f"charged with {crime} again within two years",
        favourable=0,
        unit="One row is one person arrested and scored.",
        decision="Who is held before trial, and how they are treated after; the score is one input.",
        source="ProPublica (2016), github.com/propublica/compas-analysis; Florida public records, no stated licence.",
        description="Columns that identify people are never read. " + ("Filtered." if filtered else "All rows."),
        predictions=people[["decile_score", "score_text"]].assign(high_risk=(people["decile_score"] >= 5).astype(int)),
        obtained_from=place,
    )


def _passes_propublicas_filter(people: pd.DataFrame) -> pd.Series:
    return (
        people["days_b_screening_arrest"].between(-30, 30)
        & (people["is_recid"] != -1)
        & (people["c_charge_degree"] != "O")
        & (people["score_text"] != "N/A")
    )
