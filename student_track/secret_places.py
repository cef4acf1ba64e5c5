"""Secrets, read from the place that the settings name: an environment variable, or a Databricks secret scope."""

import os

from student_track.errors import InputError


def read_secret(place: str) -> str | None:
    """Return the secret of a place such as ``env:SLACK_BOT_TOKEN`` or ``scope/key``; None where nothing stands there.

    Raises InputError for a secret scope outside a Databricks workspace, or one that the workspace does not give.
    """
    if place.startswith("env:"):
        return os.environ.get(place.removeprefix("env:")) or None
    scope, _, key = place.partition("/")
    try:
        from databricks.sdk.runtime import dbutils  # part of every Databricks runtime, and of nothing else

        return dbutils.secrets.get(scope, key) or None
    except ImportError:
        raise InputError(
            f"{place}: a secret scope is read inside a Databricks workspace only. Here, name an environment variable: "
            "`env:NAME`."
        ) from None
    except Exception as error:  # the workspace's own errors have no common class
        kind = type(error).__name__
        raise InputError(
            f"{place}: the workspace does not give this secret ({kind}). Does it exist, and may this job read it?"
        ) from None
