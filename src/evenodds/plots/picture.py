"""A figure with its words: what it shows, said to those who do not see it."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape

from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """A figure with what a sighted reader needs (caption) and what a screen reader needs (alt text).

    Shows itself in a notebook as HTML, so that the alt text survives in JupyterLab, on export and in feedback.
    """

    figure: Figure
    alt: str
    caption: str = ""

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return (
            f'<figure style="margin:0.5em 0"><img alt="{escape(self.alt)}" style="max-width:100%" '
            f'src="data:image/png;base64,{base64.b64encode(self.png()).decode()}"/>{caption}</figure>'
        )

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def png(self) -> bytes:
        """The figure as PNG bytes: the same bytes for the same figure."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=90, bbox_inches="tight", metadata={"Software": None})
        return buffer.getvalue()
