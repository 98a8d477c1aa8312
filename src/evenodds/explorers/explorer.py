"""What all explorers are: sliders, and beneath them a view that follows."""

from __future__ import annotations

import os
from collections.abc import Iterable
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd

_LOOK = {"continuous_update": False, "style": {"description_width": "16em"}, "layout": {"width": "40em"}}


class Explorer(widgets.VBox):
    """Sliders, and a view that is drawn anew whenever one of them has moved.

    Where nbgrader runs the notebook (it says so in ``NBGRADER_EXECUTION``), nobody looks, and nothing is drawn.
    """

    def __init__(self, sliders: Iterable[widgets.Widget], heading: str = ""):
        sliders = [*sliders]
        self._view = widgets.HTML()
        for slider in sliders:
            slider.observe(lambda _: self._draw(), "value")
        if "NBGRADER_EXECUTION" not in os.environ:
            self._draw()
        super().__init__([*([widgets.Label(heading)] if heading else []), *sliders, self._view])

    def _draw(self) -> None:
        self._view.value = self._html()

    def _html(self) -> str:
        """What the sliders, as they stand, lead to."""
        raise NotImplementedError


def slider(name: str, start: float, least: float = 0, most: float = 1, step: float = 0.01) -> widgets.FloatSlider:
    """A slider over numbers."""
    return widgets.FloatSlider(value=start, min=least, max=most, step=step, description=name, **_LOOK)


def whole_slider(name: str, start: int, least: int, most: int) -> widgets.IntSlider:
    """A slider over whole numbers."""
    return widgets.IntSlider(value=start, min=least, max=most, description=name, **_LOOK)


def paragraph(text: str) -> str:
    """Text as HTML."""
    return f"<p>{escape(text)}</p>"


def roomy(table: pd.DataFrame, **options: Any) -> str:
    """A table of numbers as HTML, with room between its columns."""
    html = table.to_html(
        border=0, index_names=False, **{"float_format": "{:.3f}".format, "na_rep": "undefined", **options}
    )
    return html.replace("<table", '<table style="border-spacing: 1.4em 0.3em; text-align: right; margin-left: -1em"')
