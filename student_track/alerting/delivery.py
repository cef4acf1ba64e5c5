"""From the outbox to Slack: what is in doubt is looked up first, and nothing is posted that may be there already."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pyspark.sql import SparkSession

from student_track.alerting import memory
from student_track.alerting.doubt import delete_late_ones, looked_up, tried_again
from student_track.alerting.outbox import (
    FAILED,
    IN_DOUBT,
    PENDING,
    SENT,
    UNKNOWN,
    UPDATE,
    Delivery,
    claim,
    read_outbox,
    write,
)
from student_track.alerting.owners import Owners
from student_track.alerting.posting import addressed, posted
from student_track.alerting.slack import Clock, Slack
from student_track.alerting.slack_answers import TOKEN_REFUSED
from student_track.errors import InputError, OutsideServiceError


@dataclass
class Sent:
    """What became of the messages of a run, counted by state, and why some were not delivered.

    An earlier message that is not changed in place is no message lost, and is not counted.
    """

    states: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Count deliveries by state and error."""
        for delivery in (one for one in deliveries if one.kind != UPDATE):
            self.states[delivery.state] += 1
            if delivery.error:
                self.errors[delivery.error] += 1


def settle(spark: SparkSession, slack: Slack | None, clock: Clock, run_id: str) -> int:
    """Look up what earlier runs may have sent, remember what they told, and return how many stay in doubt.

    A message found in the channel is sent; one that is not, and can no longer arrive, is pending again. Without
    delivery nothing is asked, and what is in doubt stays so. A message that came late, after it was sent once more, is
    deleted.
    """
    doubtful = read_outbox(spark, IN_DOUBT)
    known = [looked_up(slack, delivery, clock) for delivery in doubtful] if slack else doubtful
    for delivery in tried_again(spark, clock) if slack else ():
        delete_late_ones(slack, delivery)
    write(spark, [after for before, after in zip(doubtful, known, strict=True) if after != before], run_id)
    memory.remember_what_was_sent(spark, run_id)
    return sum(delivery.state in IN_DOUBT for delivery in known)


def outcome_in_words(sent: Sent, is_on: bool, is_quiet: bool, count_prepared: int) -> dict[str, int] | str:
    """Return how many messages came to which state, or why none was sent."""
    if not is_on:
        return f"{count_prepared} messages are held: delivery is off (deliver_alerts in the settings)"
    return "quiet hours: messages wait" if is_quiet else dict(sent.states)


def deliver(
    spark: SparkSession,
    slack: Slack | None,
    kinds: Collection[str],
    owners: Owners,
    operator_channel: str,
    clock: Clock,
    run_id: str,
) -> Sent:
    """Send every pending message of the kinds, and return what became of them; without delivery nothing is sent.

    Each is claimed before it is posted, in the commit that says what became of those before: a run killed at any
    point leaves one message in doubt at most, and of two runs at once one sends it. Changes of earlier messages, which
    may be made twice, come last and without a claim: they cost one commit in all. Raises OutsideServiceError where
    Slack refuses the token in between, or does not answer any more: what is left stays pending.
    """
    sent, done = Sent(), []
    try:
        for delivery in _messages_first(read_outbox(spark, [PENDING], kinds)) if slack else ():
            claimed = addressed(slack, delivery, owners, operator_channel, clock)
            if claimed.state == FAILED:
                done = [*done, claimed]
                sent.add([claimed])
                continue
            if claimed.kind == UPDATE:
                done = [*done, posted(slack, claimed, clock)]
                _refuse_token(done[-1:])
                continue
            is_ours = claim(spark, claimed, done, run_id)
            done = [posted(slack, claimed, clock)] if is_ours else []
            sent.add(done)
            _refuse_token(done)
    finally:
        write(spark, done, run_id)
    if sent.states[SENT]:
        memory.remember_what_was_sent(spark, run_id)
    return sent


def refuse_what_was_not_delivered(*parts: Sent) -> None:
    """Raise where a message did not arrive: InputError where somebody can mend it here, else OutsideServiceError."""
    sent = Sent(sum((part.states for part in parts), Counter()), sum((part.errors for part in parts), Counter()))
    reasons = ", ".join(f"{reason} ({count})" for reason, count in sorted(sent.errors.items()))
    if count := sent.states[FAILED]:
        raise InputError(
            f"{count} of {sent.states.total()} messages could not be delivered: {reasons}. The others were sent, and "
            "all is written. Mend the owners in the sheet's Owners tab or in alerts/owners.yml (an e-mail that Slack "
            "knows, or the id of a private channel that the bot is in), and run again."
        )
    if waiting := sent.states[PENDING] + sent.states[UNKNOWN]:
        raise OutsideServiceError(
            f"{waiting} of {sent.states.total()} messages wait: {reasons}. The next run looks them up, and sends "
            "what did not arrive; nothing is sent twice."
        )


def _messages_first(deliveries: Iterable[Delivery]) -> list[Delivery]:
    return sorted(deliveries, key=lambda delivery: delivery.kind == UPDATE)


def _refuse_token(done: list[Delivery]) -> None:
    if done and done[0].error in TOKEN_REFUSED:
        raise OutsideServiceError(
            f"Slack refuses the bot's token in the middle of a run: {done[0].error}. What is not sent yet waits; give "
            "the app the scope chat:write, or a new token, and run again."
        )
