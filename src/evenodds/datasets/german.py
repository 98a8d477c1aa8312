"""German credit (Statlog)."""

from __future__ import annotations

import io
import os

import numpy as np
import pandas as pd

from evenodds.datasets.dataset import Dataset
from evenodds.datasets.files import PublishedFile, read_published

_FILE = PublishedFile(
    "german/german.data",
    "b21f3d81db8071257d5ff1deaeba1fd4303b62712e6fcc9715c7a86202cb5871",
    "UCI",
    "144/statlog+german+credit+data.zip",
    ("german.data",),
)
_COLUMNS = [
    "checking_account",
    "duration_months",
    "credit_history",
    "purpose",
    "credit_amount",
    "savings",
    "employed_since",
    "installment_rate",
    "personal_status_and_sex",
    "other_debtors",
    "residence_since",
    "property",
    "age",
    "other_installment_plans",
    "housing",
    "existing_credits",
    "job",
    "people_liable",
    "telephone",
    "foreign_worker",
    "risk",
]
_CODES = {
    "checking_account": {
        "A11": "below 0 DM",
        "A12": "0 to 199 DM",
        "A13": "200 DM or more, or salary for a year",
        "A14": "no account",
    },
    "credit_history": {
        "A30": "no credits, or all paid back",
        "A31": "all at this bank paid back",
        "A32": "existing ones paid back so far",
        "A33": "delays in the past",
        "A34": "critical, or credits elsewhere",
    },
    "purpose": {
        "A40": "new car",
        "A41": "used car",
        "A42": "furniture or equipment",
        "A43": "radio or television",
        "A44": "domestic appliances",
        "A45": "repairs",
        "A46": "education",
        "A48": "retraining",
        "A49": "business",
        "A410": "other",
    },
    "savings": {
        "A61": "below 100 DM",
        "A62": "100 to 499 DM",
        "A63": "500 to 999 DM",
        "A64": "1000 DM or more",
        "A65": "none or unknown",
    },
    "employed_since": {
        "A71": "unemployed",
        "A72": "under 1 year",
        "A73": "1 to 3 years",
        "A74": "4 to 6 years",
        "A75": "7 years or more",
    },
    "personal_status_and_sex": {
        "A91": "male, divorced or separated",
        "A92": "female, divorced, separated or married",
        "A93": "male, single",
        "A94": "male, married or widowed",
        "A95": "female, single",
    },
    "other_debtors": {"A101": "none", "A102": "co-applicant", "A103": "guarantor"},
    "property": {
        "A121": "real estate",
        "A122": "savings agreement or life insurance",
        "A123": "car or other",
        "A124": "none or unknown",
    },
    "other_installment_plans": {"A141": "bank", "A142": "stores", "A143": "none"},
    "housing": {"A151": "rent", "A152": "own", "A153": "free"},
    "job": {
        "A171": "unemployed, or unskilled non-resident",
        "A172": "unskilled resident",
        "A173": "skilled",
        "A174": "management, self-employed or highly qualified",
    },
    "telephone": {"A191": "none", "A192": "registered"},
    "foreign_worker": {"A201": "yes", "A202": "no"},
}


def fetch_german(*, data_home: str | os.PathLike[str] | None = None, download: bool = True) -> Dataset:
    """German credit (Statlog): was a person's credit good or bad, at a south German bank, 1973-1975?

    1,000 rows, 700 good. The codes A11 to A202 are replaced by short readings of UCI's ``german.doc``.

    Parameters
    ----------
    data_home : path-like, optional
        Folder asked first, and where a download is kept; by default the folder named by ``EVENODDS_HOME``, else the
        user's cache folder.
    download : bool, default True
        Whether to download the file if neither `data_home` nor the folder named by ``EVENODDS_DATA`` has it.

    Returns
    -------
    Dataset
        ``X``: eighteen features; age stays one. ``y``: good credit (favourable); the file's label 1 is 1 here and
        its label 2 is 0. ``sensitive``: sex as the literature reads it, age_group ("25 or under", "over 25"),
        foreign_worker, and personal_status_and_sex, the field from which sex is read. ``obtained_from`` says which
        place the file came from.

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
    Sex is in field 9 alone, mixed with marital status, and its documented codes are wrong: who is a woman cannot be
    recovered (Grömping 2019). Results by sex follow the literature, not the people. Some papers divide age at
    "25 or over" (851 people) in place of "over 25" (810): the cut decides the four-fifths verdict.

    german.doc asks for a cost matrix: to call a bad risk good costs 5, to call a good risk bad costs 1.

    References
    ----------
    H. Hofmann (1994), "Statlog (German Credit Data)", UCI Machine Learning Repository, doi 10.24432/C5NC77, CC BY 4.0.
    U. Grömping (2019), "South German Credit Data: Correcting a Widely Used Data Set".

    Examples
    --------
    >>> from evenodds.datasets import fetch_german
    >>> german = fetch_german()
    >>> german.y.groupby(german.sensitive["age_group"]).mean().round(3).to_dict()
    {'25 or under': 0.579, 'over 25': 0.728}
    """
    (content,), place = read_published(_FILE, data_home=data_home, download=download)
    coded = pd.read_csv(io.BytesIO(content), sep=" ", header=None, names=_COLUMNS)
    people = coded.assign(**{name: coded[name].map(codes) for name, codes in _CODES.items()})
    field_9 = people["personal_status_and_sex"]
    sensitive = pd.DataFrame(
        {
            "sex": field_9.str.partition(",")[0],
            "age_group": np.where(people["age"] > 25, "over 25", "25 or under"),
            "foreign_worker": people["foreign_worker"],
            "personal_status_and_sex": field_9,
        }
    )
    return Dataset(
        name="German credit",
        X=people.drop(columns=["personal_status_and_sex", "foreign_worker", "risk"]),
        y=(people["risk"] == 1).astype(int).rename("good_credit"),
        sensitive=sensitive,
        label="good credit",
        favourable=1,
        unit="One row is one credit granted.",
        decision="Who gets a credit.",
        source="UCI Machine Learning Repository, doi 10.24432/C5NC77, CC BY 4.0.",
        description="Sex is field 9 as the literature reads it; Grömping (2019): it cannot truly be recovered.",
        obtained_from=place,
    )
