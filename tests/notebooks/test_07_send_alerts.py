"""07 on the sample school: held while delivery is off; delivered, it is read in the channels of an emulated Slack.

Who should be told of whom is read from the tables here, by an own reading of the rules.
"""

import os
import re
import signal
import subprocess
import sys
from datetime import date

import pytest
import yaml
from deltalake import DeltaTable
from papermill.exceptions import PapermillExecutionError
from pyspark.sql import functions as F

from student_track import alerting, tables
from student_track.frames import kept
from tests.alert_reading import label_of
from tests.lakes import ROOT, rows, versions
from tests.slack_emulator import SlackEmulator

STEM = "07_send_alerts"
LABEL = re.compile(r"Student [0-9A-F]{4}-[0-9A-F]{4}")
OPERATORS = "C0OPERATORS"
KINDS = ("summary", "registers", "mend")
NOTICE = re.compile(r"^[^\n]*: (registers not taken|cells to mend), ")
CHRONIC = ("moderate_chronic", "severe_chronic")


@pytest.fixture
def workspace(sample_lake, monkeypatch):
    """A Slack that knows every owner of the sample school."""
    with SlackEmulator() as emulator:
        for owner in sorted({row["owner"] for row in table(sample_lake, "cohorts")}):
            emulator.add_person(owner)
        emulator.add_channel(OPERATORS)
        monkeypatch.setenv("SLACK_BOT_TOKEN", emulator.token)
        yield emulator


@pytest.fixture
def settings(tmp_path, workspace):
    """Settings of the sample school that deliver to the test's Slack, with some changed."""

    def write(**changes):
        sample = yaml.safe_load((ROOT / "params" / "sample.yml").read_text())
        sample["today"] = str(sample["today"])
        on = {"deliver_alerts": True, "slack_base_url": workspace.url, "operator_channel": OPERATORS}
        on["confirmed_channels"] = [OPERATORS, "direct_messages"]
        path = tmp_path / "delivering.yml"
        path.write_text(yaml.safe_dump({**sample, **on, **changes}))
        return str(path)

    return write


def table(lake, name):
    return DeltaTable(str(lake / "attendance" / name)).to_pyarrow_table().to_pylist()


def who_is_whose(lake, as_of_date=date(2026, 11, 20)):
    """Labels of the students each owner should hear of, by an own reading of the rules."""
    owner_of = {row["cohort_id"]: row["owner"] for row in table(lake, "cohorts")}
    metrics = [row for row in table(lake, "student_metrics") if row["as_of_date"] == as_of_date]
    homes = {}
    for row in metrics:
        if row["scope"] == "cohort" and row["status"] == "enrolled":
            place = (-row["count_expected_sessions"], row["cohort_id"])
            homes[row["student_key"]] = min(homes.get(row["student_key"], place), place)
    told = {}
    for row in metrics:
        if row["scope"] == "school" and row["status"] == "enrolled" and needs_somebody(row):
            told.setdefault(owner_of[homes[row["student_key"]][1]], set()).add(label_of(row["student_key"]))
    return told


def needs_somebody(row):
    is_near = row["next_tier"] in CHRONIC and row["count_absences_to_next_tier"] <= 1
    has_fallen = row["trend_change"] is not None and row["trend_change"] < -0.199_999
    return row["tier"] in CHRONIC or row["count_streak_units"] >= 3 or is_near or has_fallen or row["has_early_warning"]


def about_students(workspace):
    """The one message of each person that is about students: notices about registers and cells are not."""
    read = {
        who: [text for text in texts if not NOTICE.search(text)] for who, texts in workspace.everything_read().items()
    }
    return {who: texts for who, texts in read.items() if texts}


def labels_read(workspace):
    return {who: set(LABEL.findall(text)) for who, (text,) in about_students(workspace).items()}


def states(lake, name):
    return {row["state"] for row in table(lake, name)}


def test_without_delivery_messages_are_held_and_nobody_counts_as_told(sample_lake):
    assert states(sample_lake, "alert_outbox") == {"held"}
    assert states(sample_lake, "alert_episodes") == {"new"}
    owners = {
        kind: sorted(row["owner"] for row in table(sample_lake, "alert_outbox") if row["kind"] == kind)
        for kind in KINDS
    }
    assert owners == {
        "summary": sorted(who_is_whose(sample_lake)),
        "registers": [row["owner"] for row in table(sample_lake, "cohorts") if row["cohort_id"] == "Larch"],
        "mend": ["operators"],
    }


def test_turned_on_each_owner_gets_one_summary_of_the_present_state_and_no_second_one(
    run_notebook, sample_run, sample_lake, workspace, settings
):
    address = "https://pages.example.org/school"
    run_notebook(STEM, settings=settings(pages_url=address))
    told = who_is_whose(sample_lake)
    assert labels_read(workspace) == told
    texts = [text for texts in about_students(workspace).values() for text in texts]
    assert all(text.startswith("Sample School: who needs attention, Friday 20 November 2026") for text in texts)
    assert all(f"{len(LABEL.findall(text))} of your students need" in text for text in texts)
    for row in table(sample_lake, "students"):
        assert not any(row["student_id"] in text or row["student_name"] in text for text in texts)
    assert count_of_pages_linked_to(workspace, address, sample_run / "reports" / "site" / "school") == sum(
        map(len, told.values())
    )
    assert states(sample_lake, "alert_episodes") == {"notified"}
    assert states(sample_lake, "alert_outbox") == {"held", "sent"}

    before = {name: rows(sample_lake, name) for name in ("alert_episodes", "alert_outbox")}
    run_notebook(STEM, settings=settings(pages_url=address))
    assert [text for texts in about_students(workspace).values() for text in texts] == texts
    assert sum(map(len, workspace.everything_read().values())) == len(texts) + 2
    assert {name: rows(sample_lake, name) for name in before} == before


def count_of_pages_linked_to(workspace, address, site):
    """Links of all messages, after each has been followed to the page of a student."""
    messages = [message for channel in workspace.channels.values() for message in channel.messages]
    links = re.findall(rf"{re.escape(address)}/(student-[\w-]+\.html)", str(messages))
    for page in links:
        assert LABEL.search((site / page).read_text())
    return len(links)


@pytest.mark.soak
def test_killed_after_a_post_the_next_run_sends_the_rest_and_nothing_twice(
    run_notebook, sample_lake, workspace, settings, own_lake
):
    """The process dies when Slack has taken the third message and before it could write that down."""
    path = settings()
    command = [sys.executable, "-m", "student_track.cli", "run", "--settings", path, "--only", "07"]
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.DEVNULL) as process:
        workspace.after_post = lambda count: count == 3 and os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert len(workspace.everything_read()) == 3
    assert states(sample_lake, "alert_outbox") == {"held", "sent", "claimed", "pending"}
    run_notebook(STEM, settings=path)
    assert labels_read(workspace) == who_is_whose(sample_lake)
    assert states(sample_lake, "alert_outbox") == {"held", "sent"}


@pytest.fixture
def thursday(sample):
    """Thursday as Friday was, but for two students, and as if Friday had not been: returns Friday, and the two keys.

    The first was well on Thursday and needs attention since Friday; the second the other way round.
    """
    friday = kept(sample, sample.table("student_metrics"))
    school = friday.where("scope = 'school' AND status = 'enrolled' AND count_streak_units = 0").orderBy("student_key")
    falls = school.where("tier = 'moderate_chronic'").first().student_key
    recovers = school.where("tier = 'satisfactory' AND attendance_rate > 0.97").first().student_key
    changed = f"WHEN '{falls}' THEN 'satisfactory' WHEN '{recovers}' THEN 'moderate_chronic'"
    tier = f"CASE student_key {changed} ELSE tier END"
    before = friday.withColumns({"as_of_date": F.expr("DATE'2026-11-19'"), "tier": F.expr(tier)})
    tables.replace_as_of("student_metrics", before, date(2026, 11, 19))
    sample.sql("DELETE FROM student_metrics WHERE as_of_date = DATE'2026-11-20'").collect()
    sample.sql("DELETE FROM alert_episodes").collect()
    return friday, label_of(falls), label_of(recovers)


def test_the_day_after_only_what_changed_is_said(run_notebook, sample, workspace, settings, thursday):
    friday, falls, recovers = thursday
    run_notebook(STEM, settings=settings(today="2026-11-19"))
    first = workspace.everything_read()
    tables.replace_as_of("student_metrics", friday, date(2026, 11, 20))
    run_notebook(STEM, settings=settings())
    second = {who: texts[len(first[who]) :] for who, texts in workspace.everything_read().items()}
    said = "\n".join(text for texts in second.values() for text in texts)
    assert set(LABEL.findall(said)) == {falls, recovers}
    assert re.search(rf"{falls}, \S+: chronically absent", said)
    assert re.search(rf"No longer the case\n{recovers}, \S+: no longer chronically absent, attendance 9\d\.\d %", said)
    assert "of your students you know of still need attention" in said
    assert not any(falls in text for texts in first.values() for text in texts)


def test_an_owner_slack_does_not_know_fails_alone_and_the_operators_hear_of_it(
    run_notebook, sample_lake, workspace, settings
):
    gone = min(who_is_whose(sample_lake))
    unknown = workspace.people.pop(gone)
    with pytest.raises(
        PapermillExecutionError, match=r"InputError: 1 of 14 messages .*users_not_found \(1\)"
    ) as refused:
        run_notebook(STEM, settings=settings())
    assert gone not in str(refused.value.evalue)
    assert set(workspace.everything_read()) == {*who_is_whose(sample_lake), OPERATORS} - {gone}
    _, told = workspace.channels[OPERATORS].read()
    assert "Messages that were not delivered: 1. users_not_found (1)." in told
    assert states(sample_lake, "alert_episodes") == {"notified", "new"}
    workspace.people[gone] = unknown
    run_notebook(STEM, settings=settings())
    assert gone in workspace.everything_read()


def test_a_token_slack_refuses_ends_the_run_before_anything_is_written(
    run_notebook, sample_lake, workspace, settings, monkeypatch
):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-revoked")
    before = versions(sample_lake)
    with pytest.raises(
        PapermillExecutionError, match="OutsideServiceError: Slack refuses the bot's token: invalid_auth"
    ):
        run_notebook(STEM, settings=settings())
    assert versions(sample_lake) == before
    assert workspace.everything_read() == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("rules.yml", "column: count_streak_units", "column: count_streaks", r"rules\.yml, line \d+: .*no column of"),
        (
            "owners.yml",
            "cohorts: {}",
            'cohorts: {"Mapel": {owner: "a@b.org"}}',
            r"owners\.yml, line \d+: .*Did you mean 'Maple'",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(
    run_notebook, sample_lake, tmp_path, settings, file, old, new, said
):
    path = tmp_path / file
    path.write_text((ROOT / "alerts" / file).read_text().replace(old, new))
    before = versions(sample_lake)
    with pytest.raises(PapermillExecutionError, match=f"InputError: {tmp_path}.*{said}"):
        run_notebook(STEM, settings=settings(**{f"alert_{file.removesuffix('.yml')}": str(path)}))
    assert versions(sample_lake) == before


def test_places_nobody_has_confirmed_are_refused_before_slack_is_asked(run_notebook, sample_lake, workspace, settings):
    before = versions(sample_lake)
    with pytest.raises(PapermillExecutionError, match=r"InputError: .*nobody has confirmed.*: direct_messages\."):
        run_notebook(STEM, settings=settings(confirmed_channels=[OPERATORS]))
    assert (versions(sample_lake), workspace.calls) == (before, [])


def test_the_preview_shows_what_would_be_sent_and_does_nothing(
    sample_lake, student_track, settings, workspace, tmp_path
):
    before, path = versions(sample_lake), settings()
    code, said, _ = student_track("alerts", "preview", "--settings", path)
    assert code == 0
    told = who_is_whose(sample_lake)
    assert all(f"summary to {owner} (direct message to {owner})" in said for owner in told)
    assert f"mend to operators ({OPERATORS})" in said
    assert set(LABEL.findall(said)) == set().union(*told.values())
    page = tmp_path / "preview.html"
    code, said, _ = student_track("alerts", "preview", "--settings", path, "--html", str(page))
    assert f"{len(told) + 2} messages" in said
    assert set(LABEL.findall(page.read_text())) == set().union(*told.values())
    assert page.stat().st_mode & 0o077 == 0
    assert (versions(sample_lake), workspace.calls) == (before, [])


def test_nothing_new_is_said_to_the_operators_once(run_notebook, sample_lake, workspace, settings):
    run_notebook(STEM, settings=settings())
    for channel in workspace.channels.values():
        channel.messages.clear()
    run_notebook(STEM, settings=settings())
    assert workspace.everything_read() == {}
    forget_messages(sample_lake)
    run_notebook(STEM, settings=settings())
    run_notebook(STEM, settings=settings())
    (heartbeat,) = workspace.channels[OPERATORS].read()
    assert "Ran, nothing new. Students who still need attention: " in heartbeat
    assert set(workspace.everything_read()) == {OPERATORS}


def forget_messages(lake):
    """As on a later day with the same metrics: nobody was told anything today."""
    sent = DeltaTable(str(lake / "attendance" / "alert_outbox"))
    sent.update(predicate="state = 'sent'", updates={"as_of_date": "CAST('2026-11-19' AS DATE)"})


def test_old_data_decides_nothing_and_tells_the_operators(run_notebook, sample_lake, workspace, settings):
    before = rows(sample_lake, "alert_episodes")
    run_notebook(STEM, settings=settings(today="2026-11-25"))
    assert set(workspace.everything_read()) == {OPERATORS}
    assert "the latest register is 5 days old" in workspace.channels[OPERATORS].read()[0]
    assert rows(sample_lake, "alert_episodes") == before


def test_a_day_before_the_latest_decides_nothing(run_notebook, sample, sample_lake, workspace, settings):
    before = rows(sample_lake, "alert_episodes")
    earlier = sample.table("student_metrics").withColumn("as_of_date", F.expr("DATE'2026-11-19'"))
    tables.replace_as_of("student_metrics", kept(sample, earlier), date(2026, 11, 19))
    run_notebook(STEM, settings=settings(), as_of_date="2026-11-19")
    assert workspace.everything_read() == {}
    assert rows(sample_lake, "alert_episodes") == before


def test_its_check_fires_where_a_message_names_a_student(run_notebook, sample, sample_lake, monkeypatch):
    before = versions(sample_lake)
    whole = alerting.people_of
    monkeypatch.setattr(
        alerting, "people_of", lambda *args: {key: (who[0], "your students") for key, who in whole(*args).items()}
    )
    with pytest.raises(PapermillExecutionError, match=r"CheckFailedError: alert_outbox: .* names \d+ students"):
        run_notebook(STEM)
    assert versions(sample_lake) == before
