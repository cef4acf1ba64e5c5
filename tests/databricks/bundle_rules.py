"""What `databricks bundle validate` leaves unsaid, as rules over the bundle's YAML: each fault is a sentence."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any
from zoneinfo import available_timezones

from databricks.sdk.service.catalog import SchemasAPI, VolumesAPI, VolumeType
from databricks.sdk.service.dashboards import Dashboard, LakeviewAPI
from databricks.sdk.service.jobs import JobSettings

JOB = "student_track_system"


def _arguments(create: Callable[..., Any]) -> set[str]:
    return set(inspect.signature(create).parameters) - {"self", "dashboard"}


MODELS = {
    "schemas": _arguments(SchemasAPI.create),
    "volumes": _arguments(VolumesAPI.create),
    "dashboards": _arguments(LakeviewAPI.create)
    | set(Dashboard.__dataclass_fields__)
    | {"file_path", "embed_credentials"},
}
"""Fields of the resources beside the job; the last two of a dashboard are the bundle's own."""
DYNAMIC = {"job.run_id", "job.start_time.iso_datetime", "task.name"}
"""Dynamic value references used here, as the documentation of jobs lists them."""


@dataclass(frozen=True)
class Bundle:
    """The two files of the bundle, and what the wheel they ship holds and accepts."""

    main: dict[str, Any]
    resources: dict[str, Any]
    notebooks: tuple[str, ...]
    wheel_files: frozenset[str]
    entry_points: frozenset[str]
    options: frozenset[str]
    package: str = "student_track"
    job: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "job", self.resources["resources"]["jobs"][JOB])


def faults(bundle: Bundle) -> list[str]:
    """Every fault of the bundle, as sentences; empty where there is none."""
    rules = (_models, _tasks, _order, _references, _schedule, _commands, _retries)
    return [fault for rule in rules for fault in rule(bundle)]


def _models(bundle: Bundle) -> Iterator[str]:
    """The SDK's models drop a name or an enum value they do not know: what does not come back is wrong."""
    known = JobSettings.from_dict(bundle.job).as_dict()
    yield from (f"job: {place} is no field or value of the Jobs API" for place in _lost(bundle.job, known))
    for kind, fields in MODELS.items():
        for name, resource in bundle.resources["resources"][kind].items():
            yield from (f"{kind}.{name}: {key} is no field" for key in set(resource) - fields)
            if resource.get("volume_type", "MANAGED") not in VolumeType.__members__:
                yield f"{kind}.{name}: no such volume_type"


def _lost(given: Any, known: Any, place: str = "") -> Iterator[str]:
    if isinstance(given, dict) and isinstance(known, dict):
        for key, value in given.items():
            yield from _lost(value, known.get(key), f"{place}.{key}")
    elif isinstance(given, list) and isinstance(known, list) and len(given) == len(known):
        for index, (one, other) in enumerate(zip(given, known, strict=True)):
            yield from _lost(one, other, f"{place}[{index}]")
    elif given != known:
        yield place


def _tasks(bundle: Bundle) -> Iterator[str]:
    keys = [task["task_key"] for task in bundle.job["tasks"]]
    if keys != [*bundle.notebooks, "outcome"]:
        yield f"the tasks are not the notebooks of the run and `outcome`: {keys}"
    environments = {environment["environment_key"] for environment in bundle.job["environments"]}
    for task in bundle.job["tasks"]:
        if task.get("environment_key") not in environments:
            yield f"{task['task_key']}: unknown environment_key {task.get('environment_key')}"
    for key in keys[:-1]:
        if f"{bundle.package}/project_files/notebooks/{key}.ipynb" not in bundle.wheel_files:
            yield f"{key}: the wheel has no such notebook"


def _order(bundle: Bundle) -> Iterator[str]:
    """No cycle, no dangling reference, and every task before those the run has after it that read its tables."""
    before = {
        task["task_key"]: {other["task_key"] for other in task.get("depends_on", ())} for task in bundle.job["tasks"]
    }
    for key, others in before.items():
        yield from (f"{key}: depends on {other}, which is no task" for other in others - set(before))
    try:
        list(TopologicalSorter(before).static_order())
    except CycleError as error:
        yield f"the tasks wait for each other: {error.args[1]}"
        return
    loose = [key for key in before if key != "outcome" and key not in _all_before("outcome", before)]
    yield from (f"outcome does not wait for {key}" for key in loose)


def _all_before(key: str, before: dict[str, set[str]]) -> set[str]:
    direct = before.get(key, set())
    return direct | {other for one in direct for other in _all_before(one, before)}


def _references(bundle: Bundle) -> Iterator[str]:
    resources = bundle.resources["resources"]
    parameters = {parameter["name"] for parameter in bundle.job["parameters"]}
    for text in _texts([bundle.resources, bundle.main["targets"]]):
        for name in re.findall(r"\$\{var\.(\w+)\}", text):
            if name not in bundle.main["variables"]:
                yield f"{text}: there is no variable {name}"
        for kind, name, key in re.findall(r"\$\{resources\.(\w+)\.(\w+)\.(\w+)\}", text):
            if key not in resources.get(kind, {}).get(name, {}):
                yield f"{text}: there is no such resource"
        for inner in re.findall(r"\{\{([^}]+)\}\}", text):
            name = inner.strip().removeprefix("job.parameters.")
            if inner.strip() not in DYNAMIC and (name == inner.strip() or name not in parameters):
                yield f"{text}: no job parameter or dynamic value of this name"
    yield from (
        f"resource key {key} stands twice" for key in _twice([key for kind in resources.values() for key in kind])
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _twice(values: list[str]) -> set[str]:
    return {value for value in values if values.count(value) > 1}


CRON_FIELDS = (
    r"[0-5]?\d", r"[0-5]?\d(-[0-5]?\d)?(/\d+)?|\*", r"([01]?\d|2[0-3])(-\d+)?|\*", r"\?|\*|([1-9]|[12]\d|3[01])",
    r"\*|[A-Z]{3}(-[A-Z]{3})?|\d+", r"\?|((SUN|MON|TUE|WED|THU|FRI|SAT)([-,](SUN|MON|TUE|WED|THU|FRI|SAT))*)",
)  # fmt: skip
"""Quartz: second, minute, hour, day of month, month, day of week; one of the two days is a question mark."""


def _schedule(bundle: Bundle) -> Iterator[str]:
    overlays = [target.get("resources", {}).get("jobs", {}).get(JOB, {}) for target in bundle.main["targets"].values()]
    for schedule in (part["schedule"] for part in (bundle.job, *overlays) if "schedule" in part):
        words = schedule["quartz_cron_expression"].split()
        fits = [re.fullmatch(form, word) for form, word in zip(CRON_FIELDS, words, strict=False)]
        if len(words) != len(CRON_FIELDS) or not all(fits) or [words[3], words[5]].count("?") != 1:
            yield f"no Quartz expression: {schedule['quartz_cron_expression']}"
        if schedule["timezone_id"] not in available_timezones():
            yield f"no time zone: {schedule['timezone_id']}"


def _commands(bundle: Bundle) -> Iterator[str]:
    for task in bundle.job["tasks"]:
        wheel = task["python_wheel_task"]
        if wheel["package_name"] != bundle.package or wheel["entry_point"] not in bundle.entry_points:
            yield f"{task['task_key']}: the wheel has no entry point {wheel['entry_point']}"
        unknown = {word for word in wheel["parameters"] if word.startswith("--")} - bundle.options
        yield from (f"{task['task_key']}: the entry point has no option {option}" for option in unknown)


def _retries(bundle: Bundle) -> Iterator[str]:
    if bundle.job["max_concurrent_runs"] != 1:
        yield "two runs of the job could write the tables at once"
    if not bundle.job["email_notifications"]["on_failure"]:
        yield "nobody hears of a failed run"
    for task in bundle.job["tasks"]:
        if (task.get("max_retries", 0) > 0) == (task["task_key"] == "outcome"):
            yield f"{task['task_key']}: a notebook is tried again, the outcome is not"
