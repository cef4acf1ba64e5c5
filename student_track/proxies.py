"""Addresses of this machine, which no proxy can reach."""

import os
from urllib.parse import urlsplit


def go_past_proxies(base_url: str) -> None:
    """Let this process speak to a plain http address directly: settings permit that for this machine alone."""
    address = urlsplit(base_url)
    if address.scheme == "http" and address.hostname:
        for name in ("no_proxy", "NO_PROXY"):  # one library reads the first, another the second
            os.environ[name] = ",".join(filter(None, [os.environ.get(name), address.hostname]))
