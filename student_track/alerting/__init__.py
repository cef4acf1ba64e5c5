"""Stage: gold to messages. Rules open episodes, episodes make digests, the outbox sends each once."""

from student_track.alerting.answers import gather_answers
from student_track.alerting.connection import connect, refuse_unconfirmed
from student_track.alerting.context import context_of, people_of
from student_track.alerting.delivery import Sent, deliver, outcome_in_words, refuse_what_was_not_delivered, settle
from student_track.alerting.digest import Digest
from student_track.alerting.episodes import changed, decide, transitions
from student_track.alerting.memory import recall, write_episodes
from student_track.alerting.outbox import (
    ABOUT_STUDENTS,
    HEARTBEAT,
    OPERATOR,
    TO_OPERATORS,
    TO_OWNERS,
    has_told,
    put_in_outbox,
    withdraw_unsent,
)
from student_track.alerting.owners import read_owners
from student_track.alerting.preparation import (
    Sending,
    heartbeat_lines,
    is_news,
    operator_lines,
    prepare,
    prepare_for_operators,
    should_be_within_limits,
    should_name_nobody,
    should_tell_every_episode,
    without_known_updates,
)
from student_track.alerting.preview import as_terminal_text, preview_messages, write_page
from student_track.alerting.rendering import Messages, as_read
from student_track.alerting.rules import load_rules
from student_track.alerting.slack import Clock
from student_track.alerting.standings import (
    count_by_rule,
    day_of,
    decided_by,
    has_promoted_model,
    standings,
    with_school_days,
)
from student_track.alerting.today import gather_today

__all__ = [
    "ABOUT_STUDENTS",
    "HEARTBEAT",
    "OPERATOR",
    "TO_OPERATORS",
    "TO_OWNERS",
    "Clock",
    "Digest",
    "Messages",
    "Sending",
    "Sent",
    "as_read",
    "as_terminal_text",
    "changed",
    "connect",
    "context_of",
    "count_by_rule",
    "day_of",
    "decide",
    "decided_by",
    "deliver",
    "gather_answers",
    "gather_today",
    "has_promoted_model",
    "has_told",
    "heartbeat_lines",
    "is_news",
    "load_rules",
    "operator_lines",
    "outcome_in_words",
    "people_of",
    "prepare",
    "prepare_for_operators",
    "preview_messages",
    "put_in_outbox",
    "read_owners",
    "recall",
    "refuse_unconfirmed",
    "refuse_what_was_not_delivered",
    "settle",
    "should_be_within_limits",
    "should_name_nobody",
    "should_tell_every_episode",
    "standings",
    "transitions",
    "with_school_days",
    "withdraw_unsent",
    "without_known_updates",
    "write_episodes",
    "write_page",
]
