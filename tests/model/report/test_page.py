import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from model.errors import InputError
from model.report.blocks import Missing, Part, Text, svg_picture, table_of
from model.report.job import run_report
from model.report.page import render_page

SVG = b'<?xml version="1.0"?><svg height="150pt" viewBox="0 0 300 150" width="300pt"></svg>'
ODD = ["<script>x()</script>", '" onload="x()', "{{ 7 * 7 }}", "</style>", "\u202eabc"]


def render(*blocks: object) -> str:
    part = Part("a", "A", tuple(blocks))  # type: ignore[arg-type]
    return render_page([part], title="T", says="S")


@pytest.mark.parametrize("name", ODD)
def test_names_are_escaped_wherever_they_stand(name: str) -> None:
    table = table_of(pd.DataFrame({name: [name]}), name, more=name, most=0)
    own = render(
        Text(name),
        Missing(name, name),
        table_of(pd.DataFrame({name: [name]}), name),
        table,
        svg_picture(SVG, alt=name, caption=name),
    )
    assert own.count("<script>") == own.count("<style>") == 1
    assert "onload=" not in own.replace("&#34; onload=&#34;", "")
    assert "49" not in re.findall(r"<bdi>(.*?)</bdi>", own)


def test_the_policy_names_the_one_style_and_the_one_script_by_their_hashes() -> None:
    own = render(Text("words"))
    for kind in ("style", "script"):
        content = re.search(f"<{kind}>(.*?)</{kind}>", own, re.DOTALL)
        assert content is not None
        digest = b64encode(sha256(content[1].encode()).digest()).decode()
        assert f"{kind}-src &#39;sha256-{digest}" in own or f"{kind}-src 'sha256-{digest}" in own
    assert "default-src" in own


def test_the_page_speaks_of_no_other_place() -> None:
    own = render(Text("words"), svg_picture(SVG, alt="a", caption="b"))
    assert not re.search(r'(src|href)="(?!data:|#)', own)
    assert "@import" not in own
    assert "url(" not in own


def test_a_picture_has_the_size_of_its_drawing() -> None:
    picture = svg_picture(SVG, alt="a", caption="b")
    # 300 pt are 400 px; a quarter larger.
    assert (picture.width, picture.height) == (500, 250)
    with pytest.raises(ValueError, match="without a size"):
        svg_picture(b"<svg></svg>", alt="a", caption="b")


def test_an_empty_state_makes_a_page_of_commands(tmp_path: Path) -> None:
    path = run_report(tmp_path, say=lambda _: None)
    assert path == tmp_path / "report.html"
    commands = set(re.findall(r"<code>(.*?)</code>", path.read_text()))
    assert commands >= {
        *("harvest spotify", "harvest lastfm", "model explore", "model split", "model followers"),
        *("model evaluate", "model evaluate --protocol published", "model compare"),
        *("model compare --curve", "model clusters --evidence"),
    }


def test_no_state_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no state directory"):
        run_report(tmp_path / "none", say=lambda _: None)
