"""The secret behind a lake's pseudonyms: from the environment, published for the sample, or made on the first run."""

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from student_track.errors import InputError
from student_track.secret_places import read_secret
from student_track.settings import Settings

SAMPLE_KEY = b"published-key-of-the-sample-school"
SHORTEST_KEY = 16


def student_key_secret(config: Settings) -> bytes:
    """Return the HMAC secret of the settings' lake, after comparing it with the key the lake was written with.

    Raises InputError where the key is too short, is the published one, or is not the one of the lake.
    """
    secret = SAMPLE_KEY if config.is_sample else _given_secret(config) or _own_secret(config)
    _compare_with_lake(config, secret)
    return secret


def key_file(config: Settings) -> Path:
    """Return the owner-only file that keeps the key of a lake whose key was made here."""
    folder = config.lake_folder
    return folder.parent / f"{folder.name}.key"


def _given_secret(config: Settings) -> bytes | None:
    place = config.student_key_from
    secret = (read_secret(place) or "").encode()
    if not secret:
        return None
    if secret == SAMPLE_KEY:
        raise InputError(f"{place} holds the sample school's published key. Use a key of your own.")
    if len(secret) < SHORTEST_KEY:
        raise InputError(
            f"{place}: the key is shorter than {SHORTEST_KEY} characters. `openssl rand -hex 32` makes one."
        )
    return secret


def _own_secret(config: Settings) -> bytes:
    if config.engine == "databricks":
        raise InputError(
            f"{config.student_key_from}: there is no key for this school's pseudonyms. Make one "
            "(`openssl rand -hex 32`) and put it into the secret scope; on a workspace none is made by itself."
        )
    path = key_file(config)
    if path.exists():
        return path.read_bytes().strip()
    if _fingerprint_file(config).exists():
        raise InputError(
            f"{config.lake_folder}: the key this lake was written with is missing. Put {path.name} back beside "
            f"the lake, or give the key as {config.student_key_from}."
        )
    _write_once(path, secrets.token_hex(32).encode())
    print(f"A key for this school's pseudonyms was made: {path}. Keep a copy in a safe place; never share it.")
    return path.read_bytes().strip()


def _compare_with_lake(config: Settings, secret: bytes) -> None:
    """A lake remembers the fingerprint of its key, so that pseudonyms of two keys never stand side by side."""
    path = _fingerprint_file(config)
    fingerprint = hashlib.sha256(b"fingerprint of " + secret).hexdigest()[:16].encode()
    _write_once(path, fingerprint)
    if not hmac.compare_digest(path.read_bytes().strip(), fingerprint):
        raise InputError(
            f"{config.lake_folder}: the lake was written with another key than the one of {config.student_key_from} "
            f"(or {key_file(config).name}). Give the former key, or name another lake with --lake."
        )


def _fingerprint_file(config: Settings) -> Path:
    return config.lake_folder / "key_fingerprint"


def _write_once(path: Path, content: bytes) -> None:
    """Write an owner-only file where there is none; whole or not at all, also beside another process."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:  # mode 0600
        file.write(content)
    try:
        os.link(file.name, path)
    except FileExistsError:
        pass  # another process was first, and its content stands
    except OSError:  # a workspace's volume knows no links; its job runs one at a time
        Path(file.name).replace(path)
    finally:
        Path(file.name).unlink(missing_ok=True)
