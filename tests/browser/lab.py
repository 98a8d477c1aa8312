"""JupyterLab as a person sees it: notebooks with named cells, menus, dialogs, the two tabs of nbgrader."""

import re
from ast import literal_eval
from collections.abc import Callable
from dataclasses import dataclass
from inspect import getsource, signature

from playwright.sync_api import FrameLocator, Locator, Page, Response, expect

from .server import REPOSITORY, TOKEN

SLOW = 60_000  # ms: importing pandas and drawing on a busy machine


@dataclass
class Lab:
    page: Page
    address: str
    pictures: str

    def look(self, name: str) -> None:
        """Keep a picture for people to look at."""
        folder = REPOSITORY / "screenshots"
        folder.mkdir(exist_ok=True)
        self.page.screenshot(path=folder / f"{self.pictures}_{name}.png")

    def open(self, path: str) -> "Notebook":
        self.page.goto(f"{self.address}/lab/tree/{path}?token={TOKEN}&reset")
        notebook = Notebook(self, path)
        notebook.wait_until_ready()
        return notebook

    def home(self) -> None:
        self.page.goto(f"{self.address}/lab?token={TOKEN}&reset")
        expect(self.page.locator("#jp-main-dock-panel")).to_be_visible(timeout=SLOW)

    def menu(self, name: str, item: str) -> None:
        self.page.get_by_role("menuitem", name=name, exact=True).first.click()
        self.page.locator(".lm-Menu-itemLabel", has_text=item).first.click()

    @property
    def dialog(self) -> Locator:
        return self.page.locator(".jp-Dialog")

    def dismiss(self) -> None:
        self.dialog.get_by_role("button").last.click()
        expect(self.dialog).to_have_count(0)

    def assignments(self) -> "AssignmentList":
        self.menu("Nbgrader", "Assignment List")
        return AssignmentList(self)

    def formgrader(self) -> "Formgrader":
        self.menu("Nbgrader", "Formgrader")
        return Formgrader(self)


@dataclass
class Notebook:
    lab: Lab
    path: str

    @property
    def page(self) -> Page:
        return self.lab.page

    @property
    def panel(self) -> Locator:
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def ask(self, expression: str, argument=None):
        """Evaluate JavaScript with `panel` bound to this notebook's widget."""
        return self.page.evaluate(in_panel(expression), [self.path, argument])

    def wait_until(self, expression: str, argument=None) -> None:
        self.page.wait_for_function(in_panel(expression), arg=[self.path, argument], timeout=SLOW)

    def wait_until_ready(self) -> None:
        self.wait_until("panel && panel.context.isReady && panel.content.widgets.length > 0")
        self.wait_until("panel.sessionContext.isReady && panel.sessionContext.session.kernel.status === 'idle'")

    def run_all(self) -> None:
        self.lab.menu("Run", "Run All Cells")
        self.wait_until(
            "panel.content.widgets.filter(cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim())"
            ".every(cell => cell.model.executionCount && cell.model.executionState === 'idle')"
        )

    def save(self) -> None:
        self.page.keyboard.press("Control+s")
        self.wait_until("!panel.context.model.dirty")

    def errors(self) -> list[str]:
        return self.ask(
            "panel.content.widgets.filter(cell => cell.model.type === 'code')"
            ".flatMap(cell => cell.model.outputs.toJSON())"
            ".filter(output => output.output_type === 'error').map(output => output.ename + ': ' + output.evalue)"
        )

    def compute(self, function: Callable, first: list[float]):
        """Call a function in the lesson's kernel: its other arguments are the lesson's variables of their names."""
        names = [*signature(function).parameters][1:]
        call = f"{function.__name__}({', '.join([repr(first), *names])})"
        content = {"code": getsource(function), "silent": True, "user_expressions": {"answer": call}}
        reply = self.ask("panel.sessionContext.session.kernel.requestExecute(argument).done", content)["content"]
        assert reply["status"] == "ok", reply
        answer = reply["user_expressions"]["answer"]
        assert answer["status"] == "ok", answer
        return literal_eval(answer["data"]["text/plain"])

    def tagged(self, tag: str) -> list[str]:
        """The names of the cells with this tag."""
        tagged = "panel.content.widgets.filter(cell => (cell.model.getMetadata('tags') ?? []).includes(argument))"
        return self.ask(f"{tagged}.map(cell => cell.model.id)", tag)

    def cell(self, name: str) -> "Cell":
        return Cell(self, name)

    def validate(self) -> str:
        """Press nbgrader's button and read what it says."""
        self.panel.locator(".validate-button button, .validate-button jp-button").first.click()
        expect(self.lab.dialog).to_be_visible(timeout=SLOW)
        return self.lab.dialog.inner_text()


@dataclass
class Cell:
    notebook: Notebook
    name: str

    @property
    def index(self) -> int:
        index = self.notebook.ask("panel.content.widgets.findIndex(cell => cell.model.id === argument)", self.name)
        assert index >= 0, f"{self.notebook.path} has no cell {self.name!r}"
        return index

    @property
    def element(self) -> Locator:
        """The cell on screen: JupyterLab draws only the cells near the window."""
        self.notebook.ask("panel.content.scrollToItem(argument, 'center').then(() => true)", self.index)
        element = self.notebook.panel.locator(f'.jp-Cell[data-windowed-list-index="{self.index}"]')
        expect(element).to_be_visible()
        return element

    def type(self, text: str) -> "Cell":
        """Replace the cell's text, by keyboard."""
        if self.notebook.ask("panel.content.widgets[argument].model.type", self.index) == "markdown":
            self.element.dblclick()
        self.element.locator(".cm-content").click()
        self.notebook.page.keyboard.press("Control+a")
        self.notebook.page.keyboard.insert_text(text)
        self.notebook.wait_until(
            "panel.content.widgets[argument[0]].model.sharedModel.source === argument[1]", [self.index, text]
        )
        return self

    def select(self) -> None:
        """Make this the cell that keys go to, as the arrow keys would; a folded cell stays folded."""
        expect(self.element).to_be_visible()
        self.notebook.ask(
            "(panel.content.mode = 'command', panel.content.activeCellIndex = argument, panel.content.activate())",
            self.index,
        )

    def run(self) -> "Cell":
        state = "panel.content.widgets[argument[0]].model.executionCount"
        before = self.notebook.ask(state, [self.index])
        self.select()
        self.notebook.page.keyboard.press("Control+Enter")
        self.notebook.wait_until(
            f"{state} !== argument[1] && {state} && panel.content.widgets[argument[0]].model.executionState === 'idle'",
            [self.index, before],
        )
        return self

    def output(self) -> str:
        outputs = self.element.locator(".jp-Cell-outputArea")
        outputs.scroll_into_view_if_needed()
        return outputs.inner_text()


@dataclass
class Explorer(Cell):
    """A cell whose output is sliders, a figure, and what is printed beside it."""

    @property
    def sliders(self) -> list[Locator]:
        expect(self.picture).to_be_visible(timeout=SLOW)
        return self.element.locator(".widget-slider").all()

    @property
    def picture(self) -> Locator:
        return self.element.locator(".jp-Cell-outputArea img")

    def settings(self) -> list[float]:
        """What the sliders read, from the top down."""
        readouts = [slider.locator(".widget-readout") for slider in self.sliders]
        for readout in readouts:
            expect(readout).to_have_text(re.compile(r"\d"))
        return [float(readout.inner_text().replace("−", "-")) for readout in readouts]

    def press(self, slider: Locator, key: str) -> None:
        readout = slider.locator(".widget-readout")
        before = readout.inner_text()
        slider.get_by_role("slider").press(key)
        expect(readout).not_to_have_text(before)

    def expect_figures(self, shown: list[str], printed: list[str]) -> None:
        for text in shown:
            expect(self.picture).to_have_attribute("alt", re.compile(re.escape(text)), timeout=SLOW)
        for text in printed:
            expect(self.element.locator(".jp-Cell-outputArea")).to_contain_text(text)


@dataclass
class AssignmentList:
    lab: Lab

    def row(self, section: str, lesson: str) -> Locator:
        """`section` is released, fetched or submitted."""
        return self.lab.page.locator(f"#{section}_assignments_list .list_item", has_text=lesson).first

    def press(self, section: str, lesson: str, button: str) -> None:
        self.row(section, lesson).get_by_role("button", name=button).click()

    def expect(self, section: str, lesson: str) -> None:
        expect(self.row(section, lesson)).to_be_visible(timeout=SLOW)


@dataclass
class Formgrader:
    lab: Lab

    @property
    def frame(self) -> FrameLocator:
        return self.lab.page.frame_locator("iframe[src*=formgrader]")

    def row(self, text: str) -> Locator:
        return self.frame.locator("tbody tr", has_text=text).first

    def press(self, row: str, column: str) -> None:
        """Press what stands in a table's cell; `column` is nbgrader's class for it."""
        self.row(row).locator(f"td.{column} a:visible").click(timeout=SLOW)

    def read_notice(self) -> str:
        notice = self.frame.locator(".modal.in")
        expect(notice).to_be_visible(timeout=SLOW)
        text = notice.inner_text()
        notice.get_by_role("button", name="Close").first.click()
        expect(notice).to_have_count(0)
        return text

    def reload(self) -> None:
        self.frame.locator("body").evaluate("() => window.location.reload()")

    def follow(self, text: str) -> None:
        self.frame.get_by_role("link", name=text, exact=True).first.click(timeout=SLOW)

    def show_names(self) -> None:
        """Instead of "Submission #1", which is how nbgrader lists them."""
        self.frame.get_by_role("button", name="Show All Names").click(timeout=SLOW)

    def score(self, cell: str) -> Locator:
        return self.frame.locator(f"input.score#{cell}")

    def comment(self, cell: str) -> Locator:
        return self.frame.locator(f"textarea#{cell}-comment")

    def mark(self, cell: str, points: str, comment: str) -> None:
        """Give a written answer its points and a remark; nbgrader saves each as the focus leaves it."""
        self.wait_for_marks(cell)
        self._fill(self.score(cell), points, "grade")
        self._fill(self.comment(cell), comment, "comment")

    def overrule(self, check: str, points: str) -> None:
        """Give a check other points than it gave; nbgrader has no remarks there."""
        expect(self.frame.locator(f"#{check}_extra_credit")).to_have_attribute("placeholder", "0")
        self._fill(self.score(check), points, "grade")

    def _fill(self, field: Locator, text: str, kept: str) -> None:
        with self.lab.page.expect_response(lambda answer: is_kept(answer, kept)):
            field.fill(text)
            field.press("Tab")

    def wait_for_marks(self, cell: str) -> None:
        """The page shows its fields first, and asks the server for what is in them after; placeholders come last."""
        expect(self.frame.locator(f"#{cell}_extra_credit")).to_have_attribute("placeholder", "0")
        expect(self.comment(cell)).to_have_attribute("placeholder", re.compile("."))


def is_kept(answer: Response, kept: str) -> bool:
    return answer.ok and answer.request.method == "PUT" and f"/api/{kept}/" in answer.url


def in_panel(expression: str) -> str:
    return f"""([path, argument]) => {{
        const open = window.jupyterapp ? Array.from(window.jupyterapp.shell.widgets('main')) : [];
        const panel = open.find(widget => widget.context && widget.context.path === path);
        return {expression};
    }}"""
