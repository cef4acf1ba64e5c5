"""Gold: episodes of alerts, messages and runs."""

from student_track.schemas.columns import AS_OF_DATE, POLICY_VERSION, RUN_ID, STUDENT_KEY, Column, Table, at, day, text

ALERT_EPISODES = Table(
    "alert_episodes",
    "gold",
    "one row per student, rule and episode",
    ("student_key", "rule", "episode"),
    "07_send_alerts",
    (
        STUDENT_KEY,
        text("rule", "rule of alerts/rules.yml"),
        Column("episode", "int", "number of the episode, from 1"),
        text("state", "new, notified, acknowledged, snoozed, escalated or resolved"),
        day("opened_date", "as-of date at which it opened"),
        day("state_since_date", "as-of date of the last transition"),
        day("notified_date", "as-of date of the message that asks for an answer; null: nobody was told yet"),
        day("last_told_date", "as-of date of the latest message of it to its owner"),
        Column("told_level", "int", "how bad it was then, by what makes the rule worse; null where there is nothing"),
        text("escalated_to", "deputy or lead, who heard that nobody has answered; null: neither"),
        day("recovery_told_date", "as-of date of the message that told of the recovery; null: not told"),
        day("snoozed_until_date", "no message before this date"),
        text("owner", "who is told", is_personal=True),
        text("cause", "why the last transition happened"),
        text("decided_by", "versions of policy and rules that last decided on it"),
        text("transitions", "every transition, one a line: as-of date|state|cause|run", is_volatile=True),
        RUN_ID,
    ),
)

ALERT_OUTBOX = Table(
    "alert_outbox",
    "gold",
    "one row per delivery",
    ("delivery_id",),
    "07_send_alerts",
    (
        text("delivery_id", "opaque id, also in the message's metadata"),
        AS_OF_DATE,
        text("kind", "digest, summary, resolve, escalation, update, registers, mend, operator or heartbeat"),
        text("owner", "who is told", is_personal=True),
        text("channel", "Slack's id of the channel it went to; null until it is known"),
        text("target_ts", "Slack's own id of the message it answers in a thread, or is written into; null: neither"),
        text("payload", "the message as JSON: text and blocks", is_personal=True),
        text(
            "episodes",
            "what it tells of, one a line: student_key|rule|number with ~level, + (over) or ^role; or kind|hash",
        ),
        text("state", "held, pending, claimed, sent, unknown or failed"),
        text("error", "why it failed or is unknown"),
        Column("count_attempts", "int", "attempts so far"),
        text("slack_ts", "Slack's own id of the message sent", is_volatile=True),
        at("first_attempt_at", "when it was first claimed for sending"),
        at("changed_at", "when the state last changed"),
        RUN_ID,
    ),
    retention="payload emptied when it is sent, otherwise on the next school day",
)

PIPELINE_RUNS = Table(
    "pipeline_runs",
    "gold",
    "one row per run and notebook",
    ("run_id", "notebook"),
    "the runner",
    (
        RUN_ID,
        text("notebook", "stem of the notebook"),
        AS_OF_DATE,
        text("outcome", "done, held, failed or skipped"),
        text("settings", "resolved settings as JSON, without secrets"),
        text("versions", "table versions after the notebook, as JSON"),
        text("counts", "what the notebook reported, as JSON"),
        POLICY_VERSION,
        text("model_id", "promoted model"),
        text("code_version", "version of this package"),
        at("started_at", "start of the notebook"),
        Column("duration_seconds", "double", "wall time of the notebook", is_volatile=True),
    ),
)
