"""YAML files read into frozen pydantic models, with the line to mend in every refusal."""

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from student_track.errors import InputError

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class StrictModel(BaseModel):
    """A frozen model that knows only its own keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _TextLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """SafeLoader that keeps dates as the text written; a typed model is the judge of them. In C where there is one."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_mapping(path: Path) -> tuple[dict[str, Any], dict[Location, int]]:
    """Return a YAML file's top-level mapping and the line of every key in it, nested ones included.

    Raises InputError, naming file and line, where the file is missing, is not YAML, is no mapping or names a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{path}: there is no such file. Check the path, or copy one with `student-track init`."
        ) from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
    loader = _TextLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise InputError(f"{path}, line 1: expected `key: value` lines.")
        lines: dict[Location, int] = {}
        _collect_lines(path, node, (), lines)
        return loader.construct_document(node), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{path}, line {line}: not valid YAML ({error.problem}).") from None
    finally:
        loader.dispose()


def validate(
    model: type[Model], data: dict[str, Any], path: Path, lines: dict[Location, int], context: Any = None
) -> Model:
    """Return the data as the model; raise InputError with one line per mistake, each naming the line to mend."""
    try:
        return model.model_validate(data, context=context)
    except ValidationError as refused:
        mistakes = [_describe(model, error, path, lines) for error in refused.errors()]
        raise InputError("\n".join(mistakes)) from None


def _collect_lines(path: Path, node: yaml.Node, location: Location, lines: dict[Location, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            here = (*location, key_node.value)
            if here in lines:
                line = key_node.start_mark.line + 1
                raise InputError(f"{path}, line {line}: `{key_node.value}` stands here a second time. Remove one.")
            lines[here] = key_node.start_mark.line + 1
            _collect_lines(path, value_node, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*location, index)] = item.start_mark.line + 1
            _collect_lines(path, item, (*location, index), lines)


def _describe(model: type[BaseModel], error: Any, path: Path, lines: dict[Location, int]) -> str:
    location = tuple(error["loc"])
    known = next((location[:size] for size in range(len(location), 0, -1) if location[:size] in lines), ())
    where = f"{path}, line {lines[known]}" if known else str(path)
    key = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key `{key}`.{_suggestion(model, location)}"
    if error["type"] == "missing":
        return f"{where}: `{key}` is missing."
    return f"{where}: `{key}`: {error['msg'].removeprefix('Value error, ')}."


def _suggestion(model: type[BaseModel], location: Location) -> str:
    names = list(model.model_fields) if len(location) == 1 else []
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    return f" Did you mean `{close[0]}`?" if close else " Remove it, or check its spelling."
