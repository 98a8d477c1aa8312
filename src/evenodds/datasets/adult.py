"""Adult, also called Census Income."""

from __future__ import annotations

import io
import os

import numpy as np
import pandas as pd

from evenodds.datasets.dataset import Dataset
from evenodds.datasets.files import PublishedFile, read_published

_TRAIN = PublishedFile(
    "adult/adult.data",
    "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
    "UCI",
    "2/adult.zip",
    ("adult.data",),
)
_TEST = PublishedFile(
    "adult/adult.test",
    "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
    "UCI",
    "2/adult.zip",
    ("adult.test",),
)
_COLUMNS = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education-num",
    "marital-status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital-gain",
    "capital-loss",
    "hours-per-week",
    "native-country",
    "income",
]


def fetch_adult(*, data_home: str | os.PathLike[str] | None = None, download: bool = True) -> Dataset:
    """Adult (Census Income): did a person earn more than 50,000 dollars, in the US of 1994?

    48,842 rows of the Current Population Survey: UCI's ``adult.data`` (32,561 training rows) followed by
    ``adult.test`` (16,281 test rows), which is also the split.

    Parameters
    ----------
    data_home : path-like, optional
        Folder asked first, and where a download is kept; by default the folder named by ``EVENODDS_HOME``, else the
        user's cache folder.
    download : bool, default True
        Whether to download the files if neither `data_home` nor the folder named by ``EVENODDS_DATA`` has them.

    Returns
    -------
    Dataset
        ``X``: eleven features under UCI's names, text as text, ``?`` as missing (workclass, occupation,
        native-country). ``y``: income over 50K (favourable). ``sensitive``: sex, race. ``sample_weight``: fnlwgt, how
        many people the census bureau says a row stands for; it is no feature. ``obtained_from`` says which place the
        files came from.

    Raises
    ------
    FileNotFoundError
        If a file is in neither folder and `download` is False.
    ConnectionError
        If the publisher cannot be reached; the message says how to place the file by hand.
    OSError
        If a file's content has another sha256 than the published one.

    Notes
    -----
    ``education-num`` repeats ``education``. ``relationship`` nearly tells sex: of 13,193 husbands in the training
    rows one is a woman. The labels of ``adult.test`` end in a full stop, which is removed. Of all people 24 %
    earn more than the threshold, of the women 11 %: another threshold gives another gap (Ding et al. 2021).

    References
    ----------
    B. Becker, R. Kohavi (1996), "Adult", UCI Machine Learning Repository, doi 10.24432/C5XW20, CC BY 4.0.
    F. Ding, M. Hardt, J. Miller, L. Schmidt (2021), "Retiring Adult: New Datasets for Fair Machine Learning".

    Examples
    --------
    >>> from evenodds.datasets import fetch_adult
    >>> adult = fetch_adult()
    >>> adult.y.groupby(adult.sensitive["sex"]).mean().round(3).to_dict()
    {'Female': 0.109, 'Male': 0.304}
    """
    (train, test), place = read_published(_TRAIN, _TEST, data_home=data_home, download=download)
    parts = [_parse(train), _parse(test.partition(b"\n")[2])]
    people = pd.concat(parts, ignore_index=True)
    n_train = len(parts[0])
    return Dataset(
        name="Adult",
        X=people.drop(columns=["sex", "race", "fnlwgt", "income"]),
        y=(people["income"].str.rstrip(".") == ">50K").astype(int).rename("income_over_50k"),
        sensitive=people[["sex", "race"]],
        label="income over 50,000 dollars a year",
        favourable=1,
        unit="One row is one person asked by the census bureau.",
        decision="None was taken: a benchmark that stands in for decisions about income, such as credit.",
        source="UCI Machine Learning Repository, doi 10.24432/C5XW20, CC BY 4.0; US Current Population Survey 1994.",
        description="Missing values in workclass, occupation, native-country. education-num repeats education.",
        sample_weight=people["fnlwgt"],
        train_rows=np.arange(n_train),
        test_rows=np.arange(n_train, len(people)),
        obtained_from=place,
    )


def _parse(content: bytes) -> pd.DataFrame:
    return pd.read_csv(
        io.BytesIO(content),
        header=None,
        names=_COLUMNS,
        skipinitialspace=True,
        na_values="?",
        keep_default_na=False,
    )
