"""Settings of a run: base.yml and one overlay, resolved once into a frozen model."""

import codecs
import hashlib
import json
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationInfo, field_validator, model_validator

from student_track.errors import InputError
from student_track.proxies import ON_ITS_WAY, is_private_on_its_way
from student_track.resources import project_root, resource
from student_track.strict_yaml import StrictModel, read_mapping, validate

SAMPLE = "sample"
SECRET_LOOKING = re.compile(r"token|secret|passw|credential|private|api_?key|(^|_)key$|webhook", re.IGNORECASE)
GOOGLE_ADDRESS = re.compile(r"https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([\w-]{20,})(?:[/?#].*)?", re.ASCII)
GOOGLE_KEY = re.compile(r"google:([\w-]+)", re.ASCII)
SECRET_PLACE = re.compile(r"^(env:[A-Z][A-Z0-9_]*|[\w.-]+/[\w.-]+)$")


class Settings(StrictModel):
    """Every setting, typed; ``params/base.yml`` explains each. Paths are as written, relative to the project root."""

    school_name: str = Field(min_length=1)
    sheet: tuple[str, ...]
    sheet_contract: str
    policy: str
    accept_record_loss_in: tuple[str, ...]
    lake: str = Field(min_length=1)
    reports: str = Field(min_length=1)
    engine: Literal["embedded", "spark", "databricks"]
    engine_memory_gib: float = Field(gt=0)
    catalog: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    schema_name: str = Field(alias="schema", pattern=r"^[a-z][a-z0-9_]*$")
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    time_zone: str
    today: date
    as_of_date: date | None
    largest_sheet_cells: int = Field(gt=0)
    vacuum_retention_days: int = Field(ge=7)
    text_encoding: str
    student_key_from: str = Field(pattern=SECRET_PLACE.pattern)
    google_service_account_from: str = Field(pattern=SECRET_PLACE.pattern)
    google_base_url: str
    google_deadline_seconds: int = Field(ge=10)
    deliver_alerts: bool
    slack_bot_token_from: str = Field(pattern=SECRET_PLACE.pattern)
    slack_base_url: str
    alert_rules: str
    alert_owners: str
    alert_messages: str
    confirmed_channels: tuple[str, ...]
    operator_channel: str = Field(pattern=r"^([CG][A-Z0-9]{2,})?$")
    pages_url: str = Field(pattern=r"^(https?://\S+)?$")
    names_in_alerts: Literal["none", "initials", "name"]
    alerts_stale_after_days: int = Field(ge=0)
    read_at: datetime
    run_id: str

    @field_validator("sheet", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("sheet")
    @classmethod
    def _is_no_other_address(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for sheet in value:
            if "://" in sheet and not google_key(sheet):
                raise ValueError(
                    f"{sheet} is not the address of a Google spreadsheet: copy the one that the browser shows while "
                    "the sheet is open, https://docs.google.com/spreadsheets/d/…, not a published page's"
                )
        return value

    @field_validator("as_of_date", mode="before")
    @classmethod
    def _auto_is_none(cls, value: Any) -> Any:
        return None if value == "auto" else value

    @field_validator("time_zone")
    @classmethod
    def _is_a_time_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone such as Europe/London")
        return value

    @field_validator("text_encoding")
    @classmethod
    def _is_an_encoding(cls, value: str) -> str:
        try:
            "".encode(value or "utf-8")  # base64 is a codec too, and no encoding of text
            return value and codecs.lookup(value).name
        except LookupError:
            raise ValueError(f"{value!r} is not an encoding such as cp1252, utf-16 or shift_jis") from None

    @field_validator("slack_base_url", "google_base_url")
    @classmethod
    def _is_private_on_its_way(cls, value: str, field: ValidationInfo) -> str:
        if field.field_name == "google_base_url" and not value:
            return value
        if not is_private_on_its_way(value):
            raise ValueError(ON_ITS_WAY)
        return value

    @model_validator(mode="after")
    def _is_consistent(self) -> "Settings":
        if self.as_of_date and self.as_of_date > self.today:
            raise ValueError(f"as_of_date {self.as_of_date} lies after today, {self.today}")
        if SAMPLE in self.sheet and self.sheet != (SAMPLE,):
            raise ValueError("the sample school stands alone: give `sheet: sample`, or your own files, not both")
        return self

    @property
    def is_sample(self) -> bool:
        return self.sheet == (SAMPLE,)

    @property
    def sheet_paths(self) -> tuple[Path, ...]:
        """Files and folders to read; none for the sample school, which writes its own workbook."""
        return () if self.is_sample else tuple(project_path(sheet) for sheet in self.sheet if not google_key(sheet))

    @property
    def google_keys(self) -> tuple[str, ...]:
        """Keys of the Google spreadsheets to read."""
        return tuple(key for sheet in self.sheet if (key := google_key(sheet)))

    @property
    def lake_folder(self) -> Path:
        """Folder of the tables; ``STUDENT_TRACK_LAKE`` overrides the setting."""
        return project_path(os.environ.get("STUDENT_TRACK_LAKE") or self._placed(self.lake))

    @property
    def school_slug(self) -> str:
        return self.lake_folder.name

    @property
    def reports_folder(self) -> Path:
        """Folder of everything generated; ``STUDENT_TRACK_REPORTS`` overrides the setting."""
        return project_path(os.environ.get("STUDENT_TRACK_REPORTS") or self._placed(self.reports))

    def _placed(self, text: str) -> str:
        """A path may name the catalog and the schema, which a job gives: ``/Volumes/{catalog}/{schema}/reports``."""
        return text.replace("{catalog}", self.catalog).replace("{schema}", self.schema_name)

    @property
    def site_folder(self) -> Path:
        return self.reports_folder / "site" / self.school_slug

    @property
    def runs_folder(self) -> Path:
        return self.reports_folder / "runs" / self.school_slug

    @property
    def policy_path(self) -> Path:
        return resource_path(self.policy)

    @property
    def sheet_contract_path(self) -> Path:
        return resource_path(self.sheet_contract)

    @property
    def alert_rules_path(self) -> Path:
        return resource_path(self.alert_rules)

    @property
    def alert_owners_path(self) -> Path:
        return resource_path(self.alert_owners)

    @property
    def alert_messages_path(self) -> Path:
        """Folder of the messages' templates."""
        return resource_path(self.alert_messages)

    def as_text(self) -> str:
        """Return the resolved settings as JSON, which is YAML too: it can be loaded again. Holds no secret."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), indent=1)


def check_inputs(config: Settings) -> None:
    """Raise InputError before anything is written where no sheet is named, or one of them is not there."""
    if not config.sheet:
        raise InputError(
            "No sheet is named. Give one with --sheet FILE, or name it in a settings file; "
            "`student-track run --settings params/sample.yml` runs the sample school."
        )
    missing = [path for path in config.sheet_paths if not path.exists()]
    if missing:
        raise InputError(f"{missing[0]}: there is no such file or folder. Check the path of --sheet or `sheet:`.")


def google_key(sheet: str) -> str | None:
    """Return the key of a Google spreadsheet named by its address or as ``google:KEY``; None for anything else."""
    match = GOOGLE_ADDRESS.fullmatch(sheet.strip()) or GOOGLE_KEY.fullmatch(sheet.strip())
    return match[1] if match else None


def project_path(text: str) -> Path:
    """Return a path of the settings, relative ones from the project root."""
    path = Path(text).expanduser()
    return path if path.is_absolute() else project_root() / path


def resource_path(text: str) -> Path:
    """Return a file named by the settings: as :func:`project_path`, else the one shipped with the package."""
    path = project_path(text)
    if path.exists() or Path(text).is_absolute():
        return path
    try:
        return resource(text)
    except FileNotFoundError:
        return path


def load_settings(settings: str | Path | None = None, as_of_date: str = "auto", **changes: Any) -> Settings:
    """Return base.yml, the named overlay and the changes (as of the command line), the last winning.

    Raises InputError naming file, line and key where a key is unknown, a value is wrong or a secret stands in the file.
    """
    path = resource_path(str(settings)) if settings else None
    data, lines = read_mapping(resource("params/base.yml"))
    overlay, overlay_lines = read_mapping(path) if path else ({}, {})
    _refuse_secrets(path, overlay, overlay_lines)
    given = {key: value for key, value in changes.items() if value is not None}
    _refuse_other_source_for_sample(overlay, given)
    if as_of_date != "auto":
        given["as_of_date"] = as_of_date
    merged = _with_clock({**data, **overlay, **given})
    shown = path or Path("params/base.yml")
    return validate(Settings, merged, shown, overlay_lines if path else lines)


def lake_named_after(sheet: str) -> str:
    """Return the lake's folder for a run that names a sheet and no settings: ``.lake/<file stem>``."""
    name = f"google-{key[:8]}" if (key := google_key(sheet)) else Path(sheet).stem
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f".lake/{slug or hashlib.sha256(sheet.encode()).hexdigest()[:8]}"


def _with_clock(data: dict[str, Any]) -> dict[str, Any]:
    """Read the clock once, unless the file already holds the moment of an outer run."""
    now = datetime.now(UTC)
    read_at = data.get("read_at") or now.isoformat()
    data = {**data, "read_at": read_at, "run_id": data.get("run_id") or now.strftime("%Y%m%dT%H%M%S%fZ")}
    if data.get("today") == "auto" and data.get("time_zone") in available_timezones():
        data["today"] = datetime.fromisoformat(read_at).astimezone(ZoneInfo(data["time_zone"])).date().isoformat()
    return data


def _refuse_secrets(path: Path | None, data: dict[str, Any], lines: dict[tuple[str | int, ...], int]) -> None:
    for key in data:
        if SECRET_LOOKING.search(key) and not key.endswith("_from"):
            raise InputError(
                f"{path}, line {lines[(key,)]}: `{key}` looks like a secret, and secrets never stand in settings. "
                f"Put it in the environment and name the place: `{key}_from: env:{key.upper()}`."
            )


def _refuse_other_source_for_sample(overlay: dict[str, Any], given: dict[str, Any]) -> None:
    if overlay.get("sheet") in (SAMPLE, [SAMPLE]) and given.get("sheet") not in (None, SAMPLE, (SAMPLE,)):
        raise InputError(
            "The sample school's settings cannot be used with another sheet: its day and its key are fixed and public. "
            "Leave --settings out, or copy params/base.yml to a file of your own."
        )
