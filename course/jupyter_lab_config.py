"""JupyterLab for the course: opens on the lessons and asks nothing of other servers."""

from pathlib import Path

c = get_config()  # noqa: F821  (Jupyter puts it there)

# Formgrader refuses a course that is not inside the server's root.
c.ServerApp.root_dir = str(Path(__file__).resolve().parent.parent)
# In a container the only user is often root.
c.ServerApp.allow_root = True
c.LabApp.default_url = "/lab/tree/lessons"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
