"""Google's services as an emulator on loopback, whose clock stands still but for what is waited."""

import pytest

from tests.sheets_emulator.clock import StillClock
from tests.sheets_emulator.emulator import SheetsEmulator


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def emulator(monkeypatch, clock):
    """Emulated Google, without a spreadsheet."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with SheetsEmulator(clock.now) as running:
        yield running
