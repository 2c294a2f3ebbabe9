"""Jinja2 as workflow authors use it."""

from random import Random
from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.templates import rendering

PORTS = """\
{% for port in ports %}
interface {{ port.name }}
{% if port.up %}
 no shutdown
{% endif %}
{% endfor %}
"""


def render(template: str, seed: str = "a", **context: Any) -> str:
    return rendering.render(template, context, Random(seed).random)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("hostname {{ name }}", "hostname edge-1"),
        ("{{ nothing }}|{{ name.nothing }}|{{ nothing | default('none') }}", "||none"),
        ("{{ flag }} {{ none }} {{ list }}", "True None [1, 2]"),
        ("{{ '<' }}{{ list | join(',') }}", "<1,2"),
        ("one\n", "one"),
        ("{%- for n in list if n > 1 %}{{ n }}{% endfor %}", "2"),
        ("{% set found = [] %}{% do found.append(1) %}{{ found }}", "[1]"),
        ("{% for n in list %}{% if loop.index > 1 %}{% break %}{% endif %}{{ n }}{% endfor %}", "1"),
        ("{% macro vlan(id) %}vlan {{ id }}{% endmacro %}{{ vlan(7) }}", "vlan 7"),
        ("{{ {'b': '1', 'a': [true]} | tojson }}", '{"a": [true], "b": "1"}'),
    ],
)
def test_it_renders_with_the_librarys_defaults(template: str, text: str) -> None:
    assert render(template, name="edge-1", flag=True, none=None, list=[1, 2]) == text


def test_blocks_keep_their_lines() -> None:
    assert render(PORTS, ports=[{"name": "e1", "up": True}]) == "\ninterface e1\n\n no shutdown\n\n"


def test_what_is_random_follows_from_the_seed_alone() -> None:
    template = "{% for n in range(20) %}{{ range(1000) | random }} {% endfor %}{{ 'abc' | random }}"
    assert render(template, "a") == render(template, "a")
    assert render(template, "a") != render(template, "b")
    assert render("{{ [] | random }}") == ""


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("a\n{% if %}", "line 2: Expected an expression, got 'end of statement block'"),
        ("a\nb {{ nothing.name }}", "line 2: 'nothing' is undefined"),
        ("{{ 1 / 0 }}", "line 1: ZeroDivisionError: division by zero"),
        ("{{ '10.0.0.1/8' | ipaddr }}", "line 1: No filter named 'ipaddr'."),
        ("{% include 'other' %}", "line 1: TypeError: no loader for this environment specified"),
        ("{{ ''.__class__.__mro__ }}", "line 1: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ cycler.__init__.x }}", "line 1: access to attribute '__init__' of 'type' object is unsafe."),
        ("{{ lipsum() }}", "line 1: 'lipsum' is undefined"),
        (
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "it is nested too deep, or a macro calls itself without an end.",
        ),
        (
            "{{ (10**5000)|string }}",
            "ValueError: a number is too long to be written: Exceeds the limit (4300 digits) for integer string "
            "conversion",
        ),
        ("{{ " + "(" * 3000 + ")" * 3000 + " }}", "it is nested too deep, or a macro calls itself without an end."),
    ],
)
def test_what_cannot_be_rendered_is_an_error_with_its_line(template: str, reason: str) -> None:
    with pytest.raises(LanguageError) as refused:
        render(template)
    assert refused.value.message == f"The template cannot be rendered: {reason}"


def test_a_text_without_an_end_is_refused_at_the_limit() -> None:
    with pytest.raises(LanguageError, match=r"^The template makes a text of more than 8000000 characters\.$"):
        render("{% for n in range(99999) %}{{ 'x' * 1000 }}{% endfor %}")
