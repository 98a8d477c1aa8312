"""The result of a check: a number to nbgrader, a list of findings to a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_MARKED = re.compile(r"(`)([^`]+)`|(\*\*?)(?=\S)([^*`]+)(?<=\S)\3")
_TAGS = {"`": "code", "**": "strong", "*": "em"}


@dataclass(frozen=True)
class Finding:
    """One line of a report: what was tried, whether it passed, and if not, what is wrong and on which input."""

    passed: bool
    tried: str
    says: str = ""
    input: str = ""


class Report(float):
    """Points earned, as a float; shows itself as what passed and which mistake was made.

    nbgrader reads the plain text of a cell's last value as partial credit, so the plain text is the number alone.

    Parameters
    ----------
    earned, points : float
        Points earned, out of how many. `earned` is kept within [0, `points`].
    name : str
        What was checked.
    findings : sequence of Finding
    """

    name: str
    points: float
    findings: tuple[Finding, ...]
    remark: str

    def __new__(
        cls, earned: float, *, points: float, name: str, findings: Sequence[Finding] = (), remark: str = ""
    ) -> Report:
        report = super().__new__(cls, min(max(earned, 0.0), float(points)))
        report.name, report.points = name, float(points)
        report.findings, report.remark = tuple(findings), remark
        return report

    @property
    def passed(self) -> bool:
        """Whether every point was earned."""
        return float(self) == self.points

    def __repr__(self) -> str:
        return float.__repr__(self)

    def __reduce__(self) -> tuple:
        return _rebuild, (float(self), self.points, self.name, self.findings, self.remark)

    def _headline(self) -> str:
        return f"{float(self):.3g} of {self.points:.3g} {'point' if self.points == 1 else 'points'}"

    def _repr_markdown_(self) -> str:
        lines = [f"**{self.name}: {self._headline()}**", ""]
        for finding in self.findings:
            lines += [f"- {_mark(finding)} {finding.tried}", *(f"  {line}" for line in _below(finding))]
        return "\n".join(lines + (["", self.remark] if self.remark else []))

    def _repr_html_(self) -> str:
        colour = "#1a7f37" if self.passed else "#b35900"
        items = "".join(
            f'<li style="margin:0.3em 0;list-style:none">{_mark(f)} {_html(f.tried)}'
            + "".join(f'<div style="margin:0.15em 0 0 1.5em">{_html(line)}</div>' for line in _below(f))
            + "</li>"
            for f in self.findings
        )
        remark = f'<p style="margin:0.4em 0 0">{_html(self.remark)}</p>' if self.remark else ""
        return (
            f'<div style="border-left:5px solid {colour};padding:0.2em 0 0.2em 0.9em;max-width:46em">'
            f"<p style='margin:0'><strong>{_html(self._headline())}</strong> for {_html(f'`{self.name}`')}</p>"
            f'<ul style="margin:0.3em 0 0;padding:0">{items}</ul>{remark}</div>'
        )


def _rebuild(earned: float, points: float, name: str, findings: tuple[Finding, ...], remark: str) -> Report:
    return Report(earned, points=points, name=name, findings=findings, remark=remark)


def _mark(finding: Finding) -> str:
    return "✓" if finding.passed else "✗"


def _below(finding: Finding) -> list[str]:
    """What stands under a finding: the sentence, then the call that shows the mistake."""
    return [line for line in (finding.says, f"Seen in `{finding.input}`." if finding.input else "") if line]


def _html(text: str) -> str:
    """Escape, then turn `code`, **strong** and *emphasis* into tags."""
    return _MARKED.sub(_tagged, escape(text, quote=False))


def _tagged(found: re.Match) -> str:
    tag = _TAGS[found[1] or found[3]]
    return f"<{tag}>{found[2] or found[4]}</{tag}>"
