"""Parts -> one HTML page: styles, script and pictures within it, and leave to fetch nothing."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from model.report.blocks import Block, Part

_FOLDER = Path(__file__).parent / "page"


def render_page(parts: Sequence[Part], *, title: str, says: str) -> str:
    """Render the page.

    Whatever comes from the data is escaped by the template; the page's own policy lets no script
    run but its own, which is named by its hash.

    Parameters
    ----------
    parts : sequence of Part
    title, says : str
        What the page is about.
    """
    style, script = (_read(name) for name in ("report.css", "report.js"))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["kind"] = _is_kind
    # Both files are this package's own.
    return environment.get_template("report.html").render(
        parts=parts,
        title=title,
        says=says,
        style=Markup(style),  # noqa: S704 - a file of this package, no data
        script=Markup(script),  # noqa: S704 - the same
        policy=_policy(style, script),
    )


def _is_kind(block: Block, name: str) -> bool:
    return type(block).__name__ == name


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; "
        f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
