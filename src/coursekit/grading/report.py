"""How the grading went: progress while it does, one table and one CSV file when it is done."""

import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from coursekit.grading.journal import GRADED, HUMAN, Receipt

COLUMNS = ("student", "status", "reasons", "remarks", "score", "max_score", "seconds", "cpu_seconds")
SLOWEST = 5
LOG_SECONDS = 10.0


class Progress:
    """A bar with counts and the time left on a terminal; elsewhere a line of text now and then."""

    def __init__(self, total: int, stream: TextIO | None = None):
        self.stream = stream or sys.stderr
        self.total, self.done, self.humans = total, 0, 0
        self.began = self.said = time.monotonic()
        terminal = self.stream.isatty()
        self.bar: Any = tqdm(total=total, unit=" submissions", file=self.stream) if terminal and total else None

    def add(self, receipt: Receipt) -> None:
        """One more submission is done."""
        self.done += 1
        self.humans += receipt.status == HUMAN
        if self.bar is not None:
            self.bar.set_postfix_str(f"{self.humans} for a human", refresh=False)
            self.bar.update()
        elif time.monotonic() - self.said > LOG_SECONDS or self.done == self.total:
            self.said = time.monotonic()
            print(self.line(), file=self.stream, flush=True)

    def line(self) -> str:
        passed = time.monotonic() - self.began
        left = passed / max(self.done, 1) * (self.total - self.done)
        return (
            f"{self.done} of {self.total} done, {self.humans} for a human, {_clock(passed)} so far, {_clock(left)} left"
        )

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def table(lesson: str, receipts: list[Receipt], seconds: float, skipped: int, missing: list[str]) -> Iterator[str]:
    """The outcome on one screen: counts, who needs a human and why, what is worth a look, the slowest."""
    graded = sum(receipt.status == GRADED for receipt in receipts)
    humans = [receipt for receipt in receipts if receipt.status == HUMAN]
    yield (
        f"{lesson}: {len(receipts)} submissions, {graded} graded, {len(humans)} need a human"
        f" ({len(receipts) - skipped} done now in {_clock(seconds)}, {skipped} before)"
    )
    if missing:
        yield f"not handed in: {', '.join(missing)}"
    if humans:
        yield "needs a human:"
        for receipt in humans:
            yield from _listed(receipt.student, receipt.reasons)
    if curious := [receipt for receipt in receipts if receipt.remarks]:
        yield "worth a look:"
        for receipt in curious:
            yield from _listed(receipt.student, receipt.remarks)
    slow = sorted(receipts, key=lambda receipt: -receipt.seconds)[:SLOWEST]
    if slow and slow[0].seconds:
        yield "slowest: " + ", ".join(
            f"{receipt.student} {receipt.seconds:.1f} s" for receipt in slow if receipt.seconds
        )


def write_csv(path: Path, receipts: list[Receipt], scores: dict[str, tuple[float, float]]) -> None:
    """The same for a spreadsheet, one row a submission; no score where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for receipt in receipts:
            score = scores.get(receipt.student, ("", "")) if receipt.recorded and not receipt.open else ("", "")
            row = [receipt.student, receipt.status, "; ".join(receipt.reasons), "; ".join(receipt.remarks)]
            writer.writerow(
                [
                    *(_text(printable(cell, 1000)) for cell in row),
                    *score,
                    f"{receipt.seconds:.2f}",
                    f"{receipt.cpu:.2f}",
                ]
            )


def _listed(student: str, sentences: list[str]) -> Iterator[str]:
    for name, sentence in zip([student, *[""] * len(sentences)], sentences, strict=False):
        yield f"  {printable(name):20} {printable(sentence)}"


def printable(text: str, longest: int = 300) -> str:
    """A text on one line, without what would move a terminal's cursor; students chose some of it."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _text(value: str) -> str:
    """A leading quote keeps a spreadsheet from running a text as a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
