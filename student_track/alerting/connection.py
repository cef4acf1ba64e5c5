"""Whether messages may be delivered at all: by a bot's token, and only to places that somebody has confirmed."""

from student_track.alerting.owners import Owners
from student_track.alerting.slack import Clock, Slack
from student_track.errors import InputError
from student_track.secret_places import read_secret
from student_track.settings import Settings

DIRECT_MESSAGES = "direct_messages"
"""Stands in the settings for all messages to one person."""


def connect(config: Settings, clock: Clock | None = None) -> Slack | None:
    """Return Slack, its token checked, where alerts are delivered; None where delivery is off.

    Raises InputError where there is no usable token, OutsideServiceError where Slack refuses it or does not answer.
    """
    if not config.deliver_alerts:
        return None
    place, token = config.slack_bot_token_from, (read_secret(config.slack_bot_token_from) or "").strip()
    if not token:
        raise InputError(f"deliver_alerts is on, and {place} is empty. Put the bot's token there, or set it to false.")
    if "://" in token:
        raise InputError(
            f"{place} holds an address. A webhook cannot tell whether a message arrived, so that one could be sent "
            "twice; give the bot token of a Slack app (xoxb-…)."
        )
    slack = Slack(token, config.slack_base_url, clock or Clock())
    slack.check_token()
    return slack


def refuse_unconfirmed(config: Settings, owners: Owners) -> None:
    """Raise InputError where messages could go to a place that nobody has confirmed; nothing where delivery is off."""
    if not config.deliver_alerts:
        return
    places = [place for person in owners.everybody if (place := owners.place_of(person))]
    needed = {place.channel or DIRECT_MESSAGES for place in places} | {config.operator_channel} - {""}
    if missing := sorted(needed - set(config.confirmed_channels)):
        raise InputError(
            f"deliver_alerts is on, and nobody has confirmed where messages go: {', '.join(missing)}. Look at the "
            "messages with `student-track alerts preview`, and at who is in each channel; then add it to "
            f"confirmed_channels in the settings ({DIRECT_MESSAGES} stands for all direct messages)."
        )
