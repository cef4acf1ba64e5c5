"""Addresses of services: private on their way, or of this machine, which no proxy can reach."""

import ipaddress
import os
from urllib.parse import urlsplit

ON_ITS_WAY = "must begin with https://; http:// is for this machine alone, such as http://127.0.0.1:8080/"
"""What is said of an address that is not private on its way."""


def is_private_on_its_way(base_url: str) -> bool:
    """Return whether nobody between can read what is sent there: https, or plain http that stays on this machine."""
    address = urlsplit(base_url)
    host = address.hostname or ""
    return bool(host) and (address.scheme == "https" or (address.scheme == "http" and _is_this_machine(host)))


def go_past_proxies(base_url: str) -> None:
    """Let this process speak to a plain http address directly: settings permit that for this machine alone."""
    address = urlsplit(base_url)
    if address.scheme == "http" and address.hostname:
        for name in ("no_proxy", "NO_PROXY"):  # one library reads the first, another the second
            os.environ[name] = ",".join(filter(None, [os.environ.get(name), address.hostname]))


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
