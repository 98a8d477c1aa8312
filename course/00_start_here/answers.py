"""Answers to lesson 00 that students really give: wrong ones, with what they must be told, and right ones."""

import numpy as np
import pandas as pd

from coursekit.answers import right, wrong

# Exercise 1


@wrong("share", "That is a count")
def share(y_pred):
    return y_pred.sum()


@wrong("share", "That is a count")
def share(y_pred):
    return len([p for p in y_pred if p == 1])


@wrong("share", "who got a *no*")
def share(y_pred):
    return 1 - y_pred.mean()


@wrong("share", "inside the loop")
def share(y_pred):
    yes = 0
    for decision in y_pred:
        yes += decision
        return yes / len(y_pred)


@wrong("share", "after the point")
def share(y_pred):
    return y_pred.sum() // len(y_pred)


@wrong("share", "right for the example only")
def share(y_pred):
    return y_pred.sum() / 4


@wrong("share", "in percent")
def share(y_pred):
    return 100 * y_pred.mean()


@wrong("share", "return")
def share(y_pred):
    print(y_pred.mean())


@wrong("share", "same for different inputs")
def share(y_pred):
    return 0.75


@wrong("share", "function, not its result")
def share(y_pred):
    return y_pred.mean


@right("share")
def share(y_pred):
    return sum(y_pred) / len(y_pred)


@right("share")
def share(y_pred):
    return pd.Series(y_pred).value_counts(normalize=True).get(1, 0.0)


# Exercise 2


@wrong("accuracy", "That is a count")
def accuracy(y_true, y_pred):
    return (y_true == y_pred).sum()


@wrong("accuracy", "*differ*")
def accuracy(y_true, y_pred):
    return np.abs(y_true - y_pred).mean()


@wrong("accuracy", "two zeros agree as well")
def accuracy(y_true, y_pred):
    return (y_true * y_pred).mean()


@wrong("accuracy", "whose label is 1")
def accuracy(y_true, y_pred):
    return y_pred[y_true == 1].mean()


@wrong("accuracy", "cancel")
def accuracy(y_true, y_pred):
    return 1 - abs(y_true.mean() - y_pred.mean())


@wrong("accuracy", "True or False")
def accuracy(y_true, y_pred):
    return y_true.mean() == y_pred.mean()


@wrong("accuracy", "predicted as 1")
def accuracy(y_true, y_pred):
    return y_true[y_pred == 1].mean()


@wrong("accuracy", "array of shape (11,)")
def accuracy(y_true, y_pred):
    return y_true == y_pred


@wrong("accuracy", "your own work")
def accuracy(y_true, y_pred):
    from sklearn.metrics import accuracy_score

    return accuracy_score(y_true, y_pred)


@right("accuracy")
def accuracy(y_true, y_pred):
    agree = 0
    for label, prediction in zip(y_true, y_pred, strict=True):
        if label == prediction:
            agree += 1
    return agree / len(y_true)


@right("accuracy")
def accuracy(y_true, y_pred):
    return 1 - np.abs(np.asarray(y_true) - np.asarray(y_pred)).sum() / len(y_true)


# Exercise 3


@wrong("share_among", "divided by everybody")
def share_among(y_pred, among):
    return y_pred[among].sum() / len(y_pred) if among.any() else float("nan")


@wrong("share_among", "unknown, not zero")
def share_among(y_pred, among):
    return y_pred[among].mean() if among.any() else 0.0


@wrong("share_among", "among everybody")
def share_among(y_pred, among):
    return y_pred.mean()


@wrong("share_among", "do *not* count")
def share_among(y_pred, among):
    return y_pred[~among].mean()


@wrong("share_among", "nobody to divide by")
def share_among(y_pred, among):
    kept = [p for p, counts in zip(y_pred, among, strict=True) if counts]
    return sum(kept) / len(kept)


@wrong("share_among", "That is a count")
def share_among(y_pred, among):
    return y_pred[among].sum()


@wrong("share_among", "put brackets around")
def share_among(y_pred, among):
    return (y_pred == 1 & among).mean()


@wrong("share_among", "used as positions")
def share_among(y_pred, among):
    return y_pred[among.astype(int)].mean()


@wrong("share_among", "undefined only if nobody counts")
def share_among(y_pred, among):
    hits = y_pred[among].sum()
    return hits / among.sum() if hits else float("nan")


@wrong("share_among", "turned round")
def share_among(y_pred, among):
    return among[y_pred == 1].mean()


@right("share_among")
def share_among(y_pred, among):
    yes = people = 0
    for decision, counts in zip(y_pred, among, strict=True):
        if counts:
            people += 1
            yes += decision
    return yes / people if people else np.nan


@right("share_among")
def share_among(y_pred, among):
    return pd.Series(y_pred)[pd.Series(among)].mean()
