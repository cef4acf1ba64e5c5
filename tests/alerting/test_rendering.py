"""Messages: within Slack's limits whatever comes in, and read in a channel as what was written."""

from datetime import date, timedelta

import pytest

from student_track.alerting import digest, due, preparation, rendering
from student_track.alerting.context import Context
from student_track.alerting.episodes import Episode
from student_track.alerting.owners import Owners
from student_track.alerting.wording import Action, Style
from student_track.errors import CheckFailedError, InputError
from tests.alerting.conftest import ALERTS, DAY, prepared, shipped_rules, standing
from tests.slack_blocks import as_a_reader_sees, notification_of

ANN = "ann@example.org"
RULES = shipped_rules()
HELL = [
    "<!channel>",
    "*x* _y_ `z` ~w~",
    "<http://x|Ann>",
    "شريف 123",
    "\u202eevil\u202c",
    "x" * 40_000,
    "👩‍👩‍👧‍👦" * 20,
    "&lt;b&gt;",
    ":smile:",
]
SHOWN = [
    "<!channel>",
    "*x* _y_ `z` ~w~",
    "<http://x|Ann>",
    "شريف 123",
    "evil",
    "x" * 59 + "…",
    "👩‍👩‍👧‍👦",
    "&lt;b&gt;",
    ":smile:",
]


@pytest.fixture
def messages():
    return rendering.Messages(ALERTS / "messages")


def context(names=(), dates=(), names_in_alerts="none", pages_url="", school="Hill School", actions=()):
    students = {key_of(number): name for number, name in enumerate(names)}
    missed = {key_of(number): list(dates) for number in range(500)}
    style = Style(names_in_alerts, pages_url, "day")
    return Context(school, DAY, RULES, missed, dict(actions), students, style)


def key_of(number):
    return f"{number:08x}" + "0" * 8


def digest_of(count, kind="summary", told=(), over=0, **facts):
    """A digest of so many students with a streak, the first ones known; then so many who recovered."""
    episodes = [Episode(key_of(n), "streak", 1, "new", DAY, DAY, ANN) for n in range(count)]
    was_told = {"cause": "recovered", "notified_date": DAY}
    episodes += [
        Episode(key_of(n), "streak", 1, "resolved", DAY, DAY, ANN, **was_told) for n in range(count, count + over)
    ]
    episodes += [Episode(key_of(n), "tier_entered", 1, "notified", DAY, DAY, ANN, notified_date=DAY) for n in told]
    facts = {"count_streak_units": 3, "tier": "moderate_chronic", "next_tier": "severe_chronic", **facts}
    facts = {"count_absences_to_next_tier": 4, "count_excused_sessions": 1, "count_unexcused_sessions": 5, **facts}
    found = [standing(key_of(n), **facts) for n in range(count + over)]
    day = preparation.AlertDay(DAY, 2026, "school", 0)
    said = due.due_today(episodes, found, RULES.by_name, Owners({}, {}, ()), day)
    (made,) = digest.digests(said, episodes, found, {ANN} if kind == "digest" else set(), set())
    return made


def read(payload):
    return as_a_reader_sees(payload)


def test_a_students_line_says_what_happened_and_what_is_left(messages):
    dates = [DAY - timedelta(days=number) for number in range(11)]
    made = digest_of(1, previous_tier="at_risk", tier_change="worse", is_streak_open=True)
    text = read(rendering.render_digest(messages, made, context(dates=dates, pages_url="https://p.example/")))
    assert "1 of your students needs attention." in text
    assert "Student 0000-0000, \u20687A\u2069: absent 3+ days in a row." in text
    assert "Moderate chronic, was at risk the school day before. 1 excused / 5 not. Streak 3+." in text
    assert "Room left: 4 more absences: severe chronic." in text
    assert "Missed 20 Nov, 19 Nov, 18 Nov, 17 Nov, 16 Nov, 15 Nov, 14 Nov, 13 Nov and 3 earlier." in text
    assert "the scores" not in text


@pytest.mark.parametrize(
    ("due", "since", "latest", "said"),
    [
        ("call,letter", date(2026, 11, 9), None, "No action yet. Due: call, letter, since 9 Nov."),
        (
            "letter",
            date(2026, 11, 9),
            ("call", date(2026, 11, 12)),
            "Last action: call, 12 Nov. Due: letter, since 9 Nov.",
        ),
        ("", None, ("meeting", date(2026, 11, 12)), "Last action: meeting, 12 Nov."),
        (None, None, None, ""),
    ],
)
def test_a_students_line_says_what_was_done_and_what_is_due(messages, due, since, latest, said):
    made = digest_of(1, missing_rungs=due, missing_rung_due_date=since)
    known = {key_of(0): Action(*latest)} if latest else {}
    text = read(rendering.render_digest(messages, made, context(actions=known)))
    assert said in text
    assert ("ction" in text.split("As of")[0]) == bool(said)


def test_a_digest_says_what_is_new_what_is_over_and_how_many_are_still_open(messages):
    made = digest_of(2, "digest", told=[0, 7], over=1)
    made = digest.Digest(**{**vars(made), "count_still_open": 1})
    text = read(rendering.render_digest(messages, made, context()))
    assert "Student 0000-0000, \u20687A\u2069: still, and now absent 3 days in a row." in text
    assert "Student 0000-0001, \u20687A\u2069: absent 3 days in a row." in text
    assert (
        "No longer the case\nStudent 0000-0002, \u20687A\u2069: back after a streak of absences, attendance 97.0 %."
        in text
    )
    assert "1 of your students you know of still needs attention." in text


@pytest.mark.parametrize("kind", ["summary", "digest"])
@pytest.mark.parametrize("count", [1, 14, 15, 39, 40, 41, 500])
def test_a_message_fits_slack_and_counts_those_who_do_not_fit(messages, emulator, slack, kind, count):
    dates = [DAY - timedelta(days=number) for number in range(100)]
    names = ["Ann " + "x" * 100] * 500
    told = context(names, dates, "name", "https://pages.example.org/a/long/path/to/the/school", "S" * 200)
    payload = rendering.render_digest(messages, digest_of(count, kind, over=0 if kind == "summary" else count), told)
    rendering.should_fit_slack({"id": payload})
    channel = emulator.add_channel("C123")
    assert slack.post("C123", payload, "id").state == "sent"
    (text,) = channel.read()
    shown = text.count("Student ") - text.count("back after")
    assert shown >= min(count, 10)
    assert f"{count} of your students need" in text or kind == "digest"
    assert shown == count or f"and {count - shown} more, on the pages of your cohorts" in text
    recovered = text.count("back after")
    assert kind == "summary" or recovered == count or f"and {count - recovered} more." in text


def test_names_from_hell_arrive_as_text(messages, emulator, slack):
    channel = emulator.add_channel("C123")
    payload = rendering.render_digest(
        messages, digest_of(len(HELL)), context(HELL, names_in_alerts="name", school="<!here>")
    )
    assert slack.post("C123", payload, "id").state == "sent"
    (text,) = channel.read()
    assert "[DOES" not in text
    assert "\u202e" not in text
    for shown in SHOWN:
        assert f"\u2068{shown}" in text
    assert notification_of(channel.messages[0]) == f"&lt;!here&gt;: {len(HELL)} of your students need attention."


@pytest.mark.parametrize("kind", ["digest", "summary", "escalation"])
@pytest.mark.parametrize("name", HELL)
def test_a_name_from_hell_is_text_in_every_kind_of_message_and_block(messages, emulator, slack, kind, name):
    """As a student who is new, one who recovered, a cohort, the school, and a line to the operators."""
    channel = emulator.add_channel("C123")
    made = digest_of(1, "digest", over=1, cohort=name)
    made = digest.Digest(**{**vars(made), "kind": kind, "count_still_open": 2})
    told = context([name, name], names_in_alerts="name", school=name)
    assert slack.post("C123", rendering.render_digest(messages, made, told), "id").state == "sent"
    assert slack.post("C123", rendering.render_operator(messages, [name], told), "id").state == "sent"
    shown = SHOWN[HELL.index(name)]
    texts = channel.read()
    assert not any("[DOES" in text or "\u202e" in text for text in texts)
    assert texts[0].count(f"\u2068{shown}") == (4 if kind == "digest" else 2)
    assert all("[DOES" not in notification_of(message) for message in channel.messages)


@pytest.mark.parametrize(
    ("choice", "who"),
    [
        ("none", "Student 0000-0000"),
        ("initials", "\u2068A. L.\u2069 (Student"),
        ("name", "\u2068Ann Lee\u2069 (Student"),
    ],
)
def test_a_student_is_shown_as_the_school_has_chosen(messages, choice, who):
    text = read(rendering.render_digest(messages, digest_of(1), context(["Ann Lee"], names_in_alerts=choice)))
    assert who in text
    assert ("Ann Lee" in text) == (choice == "name")


def test_a_message_in_mrkdwn_is_refused():
    payload = {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}}]}
    with pytest.raises(CheckFailedError, match="kind mrkdwn"):
        rendering.should_fit_slack({"id": payload})


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ([{"type": "divider"}] * 51, "51 blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "header longer than 150"),
        ([{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}], "section longer than 3000"),
        ([{"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}] * 4, "more than 11000"),
    ],
)
def test_a_message_beyond_a_limit_is_refused(blocks, reason):
    with pytest.raises(CheckFailedError, match=reason):
        rendering.should_fit_slack({"id": {"text": "x", "blocks": blocks}})


@pytest.mark.parametrize(
    "broken", ["{% for %}", '{"text": {{ no_such_value }}}', '{"text": "x", "blocks": [}', '{"blocks": []}']
)
def test_a_template_that_cannot_be_used_is_named(tmp_path, broken):
    (tmp_path / "operator.json.j2").write_text(broken)
    with pytest.raises(InputError, match=r"operator\.json\.j2: is no usable template"):
        rendering.render_operator(rendering.Messages(tmp_path), ["a line"], context())


def test_the_operators_hear_counts_and_cohorts_and_only_where_there_is_something():
    day = preparation.AlertDay(DAY, 2026, "school", 0)
    orphan = Episode(key_of(1), "streak", 1, "new", DAY, DAY, None)
    owners = Owners({}, {}, ("7C",))
    nothing = preparation.Sent()
    assert preparation.operator_lines(day, owners, [], nothing, 0) == []
    (line,) = preparation.operator_lines(day, owners, [orphan], nothing, 0)
    assert line == "Students who need attention and have no owner to tell: 1. Cohorts without: 7C."


def test_an_untold_episode_in_no_message_is_noticed():
    episode = Episode(key_of(1), "streak", 1, "new", date(2026, 11, 20), DAY, ANN)
    said = [due.Due(episode, due.OPENED, ANN)]
    preparation.should_tell_every_episode([], said, {ANN})
    with pytest.raises(CheckFailedError, match="1 episodes stand in no message"):
        preparation.should_tell_every_episode([], said, set())


@pytest.mark.parametrize(
    ("text", "person", "choice", "is_named"),
    [
        ("Student 0000-0001, Ann Lee", ("000123", "Ann Lee"), "none", True),
        ("Student 0000-0001, Ann Lee", ("000123", "Ann Lee"), "initials", True),
        ("Student 0000-0001, Ann Lee", ("000123", "Ann Lee"), "name", False),
        ("Student 0000-0001, A. L.", ("000123", "Ann Lee"), "initials", False),
        ("Ann Lee (000123)", ("000123", "Ann Lee"), "name", True),
        ("cohort-1000123a.html", ("000123", "Ann Lee"), "none", False),
        ("Ann Lee", ("Ann Lee", "Ann Lee"), "name", False),  # a sheet without ids: the name stands for one
        ("Ann Lee", ("Ann Lee", "Ann Lee"), "none", True),
        ("on 12 May", ("12", "May"), "none", False),  # too little to tell a student by
    ],
)
def test_who_is_named_by_a_message(clock, text, person, choice, is_named):
    message = prepared(clock, ANN, text, episodes=(f"{key_of(1)}|streak|1",))
    if not is_named:
        preparation.should_name_nobody([message], {key_of(1): person}, choice)
        return
    with pytest.raises(CheckFailedError, match="names 1 students"):
        preparation.should_name_nobody([message], {key_of(1): person}, choice)
