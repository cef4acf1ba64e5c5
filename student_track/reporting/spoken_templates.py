"""Templates in one language: a sentence without a plural is translated when its template is compiled, not on each page.

A site has thousands of pages with the same hundred sentences; asking gettext for each on each page was half its time.
"""

import re
from collections.abc import Callable, Iterator
from gettext import NullTranslations
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class SpokenEnvironment(Environment):
    """An environment with Jinja's i18n extension whose templates all speak one language."""

    def __init__(self, words: NullTranslations, **options: Any) -> None:
        super().__init__(extensions=["jinja2.ext.i18n"], **options)
        self.install_gettext_translations(words, newstyle=True)  # what has a plural is chosen on the page
        self.words = words

    def getattr(self, value: Any, attribute: str) -> Any:
        """A row's column at once: Jinja first looks for an attribute, and a page asks for a thousand columns."""
        return value[attribute] if type(value) is dict and attribute in value else super().getattr(value, attribute)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        """Jinja's hook between the tree of a template and its code."""
        return super()._generate(_Spoken(self.words.gettext).visit(source), *args, **options)


class _Spoken(NodeTransformer):
    """Replaces ``gettext("…")`` and ``_("…")`` by the text in the language, with the values in their places."""

    def __init__(self, translated: Callable[[str], str]) -> None:
        self.translated = translated

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802  as Jinja names it
        parts: list[nodes.Expr] = []
        for part in node.nodes:
            parts += self._parts(part) if _is_sentence(part) else [self.visit(part)]
        return nodes.Output(parts, lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802  as Jinja names it
        if _is_sentence(node) and not node.kwargs:
            return nodes.Const(Markup(self.translated(node.args[0].value)) % {})  # noqa: S704  our own words
        return self.generic_visit(node)

    def _parts(self, sentence: nodes.Call) -> Iterator[nodes.Expr]:
        """The sentence's text and values in the language's order; values are escaped like all others."""
        values = {pair.key: self.visit(pair.value) for pair in sentence.kwargs}
        for place, part in enumerate(PLACEHOLDER.split(self.translated(sentence.args[0].value))):
            yield values[part] if place % 2 else nodes.TemplateData(part.replace("%%", "%"))


def _is_sentence(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in ("gettext", "_")
        and isinstance(node.args[0], nodes.Const)
    )
