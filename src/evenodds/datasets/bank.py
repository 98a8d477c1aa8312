"""Bank Marketing: phone calls of a Portuguese bank."""

from __future__ import annotations

import io
import os

import pandas as pd

from evenodds.datasets.dataset import Dataset
from evenodds.datasets.files import PublishedFile, read_published

_FILES = {
    "full": PublishedFile(
        "bank/bank-full.csv",
        "d1513ec63b385506f7cfce9f2c5caa9fe99e7ba4e8c3fa264b3aaf0f849ed32d",
        "UCI",
        "222/bank+marketing.zip",
        ("bank.zip", "bank-full.csv"),
    ),
    "additional": PublishedFile(
        "bank/bank-additional-full.csv",
        "74adfc578bf77a7ff4bb1ba4a9f8709d9e3c6907342959c2c8416847e0afb4d8",
        "UCI",
        "222/bank+marketing.zip",
        ("bank-additional.zip", "bank-additional/bank-additional-full.csv"),
    ),
}
_NEVER_CONTACTED = {"full": -1, "additional": 999}


def fetch_bank(
    *,
    version: str = "full",
    include_duration: bool = False,
    data_home: str | os.PathLike[str] | None = None,
    download: bool = True,
) -> Dataset:
    """Bank Marketing: who took up a term deposit when a bank called, in Portugal, 2008-2010?

    Parameters
    ----------
    version : {"full", "additional"}, default "full"
        ``bank-full.csv`` (45,211 rows, 16 inputs) or ``bank-additional-full.csv`` (41,188 rows, 20 inputs, with the
        state of the economy). They are different samples; do not join them. Papers on fairness mostly use the second.
    include_duration : bool, default False
        Whether to keep the length of the call. It is known only after the call, and gives the label away.
    data_home : path-like, optional
        Folder asked first, and where a download is kept; by default the folder named by ``EVENODDS_HOME``, else the
        user's cache folder.
    download : bool, default True
        Whether to download the file if neither `data_home` nor the folder named by ``EVENODDS_DATA`` has it.

    Returns
    -------
    Dataset
        ``X``: UCI's names; the word "unknown" is missing, and so is pdays where the person was never contacted
        before (written -1 in one file and 999 in the other). Age stays a feature. ``y``: took up the deposit
        (favourable). ``sensitive``: age_group ("under 25", "25 to 59", "60 and over", so that both divisions in the
        literature can be made from it) and marital. ``obtained_from`` says which place the file came from.

    Raises
    ------
    ValueError
        If the version is unknown.
    FileNotFoundError
        If the file is in neither folder and `download` is False.
    ConnectionError
        If the publisher cannot be reached; the message says how to place the file by hand.
    OSError
        If the file's content has another sha256 than the published one.

    Notes
    -----
    "divorced" also means widowed. In the additional file 80 people have no marital status.

    References
    ----------
    S. Moro, R. Laureano, P. Cortez (2011) for the full file; S. Moro, P. Cortez, P. Rita (2014) for the additional
    one. UCI Machine Learning Repository, doi 10.24432/C5K306, CC BY 4.0.

    Examples
    --------
    >>> from evenodds.datasets import fetch_bank
    >>> bank = fetch_bank()
    >>> bank.y.groupby(bank.sensitive["age_group"]).mean().round(3).to_dict()
    {'25 to 59': 0.105, '60 and over': 0.336, 'under 25': 0.256}
    """
    if version not in _FILES:
        raise ValueError(f"version is {version!r}; fetch_bank knows {sorted(_FILES)}.")
    (content,), place = read_published(_FILES[version], data_home=data_home, download=download)
    people = pd.read_csv(io.BytesIO(content), sep=";", na_values="unknown", keep_default_na=False)
    people["pdays"] = people["pdays"].mask(people["pdays"] == _NEVER_CONTACTED[version])
    age_group = pd.cut(people["age"], [0, 25, 60, 200], right=False, labels=["under 25", "25 to 59", "60 and over"])
    not_features = ["y", "marital"] if include_duration else ["y", "marital", "duration"]
    return Dataset(
        name=f"Bank Marketing ({version})",
        X=people.drop(columns=not_features),
        y=(people["y"] == "yes").astype(int).rename("subscribed"),
        sensitive=pd.DataFrame({"age_group": age_group.astype(str), "marital": people["marital"]}),
        label="took up a term deposit",
        favourable=1,
        unit="One row is one client called.",
        decision="Whom to call.",
        source="UCI Machine Learning Repository, doi 10.24432/C5K306, CC BY 4.0.",
        description="pdays is missing where the client was never contacted before. "
        + ("duration gives the label away." if include_duration else "duration is dropped: it gives the label away."),
        obtained_from=place,
    )
