"""What happens in a sample school: every effect a switch, and the presets of switches."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from student_track.errors import InputError


@dataclass(frozen=True)
class Effects:
    """The switches. Those on by default make the sample school of the committed notebooks; do not change them.

    A switch that is off leaves people, calendar and all other effects as they are, as far as they do not rest on it.
    """

    decline: bool = True
    """Weeks of growing absence, before dropping off or leaving, and for some until today."""
    streaks: bool = True
    """Weeks of silence: some drop off, some only nearly."""
    own_rates: bool = True
    """Students differ in how often they are away; off, all attend alike and who would drop off leaves out of the
    blue."""
    weekday: bool = True
    """More absences on Mondays and Fridays."""
    late_joiners: bool = True
    leavers: bool = True
    transfers: bool = True
    second_cohorts: bool = True
    """Some students go to a club as well, which meets on other days."""
    half_days: bool = True
    tardies: bool = True
    excused_runs: bool = True
    """Illness of several days, excused."""
    holidays: bool = True
    """Holidays, a staff day, and a day on which snow closed the school."""
    untaken_registers: bool = True
    dirty_cells: bool = True
    """Marks of no code table, a date that does not exist, a student written twice, one on no roster."""
    part_time: bool = False
    """Some students are required on some weekdays only; the others are marked as not required."""
    subgroup_bias: bool = False
    """Students with a support plan are away more often, and drop off no more often for it."""

    @classmethod
    def all(cls) -> "Effects":
        """Return every effect switched on."""
        return cls(**dict.fromkeys(effect_names(), True))

    @classmethod
    def noise_only(cls) -> "Effects":
        """Return a school in which nothing can be told from attendance: no decline, no silence, all alike."""
        return cls(decline=False, streaks=False, own_rates=False)

    @classmethod
    def preset(cls, name: str) -> "Effects":
        """Return the effects of a preset by its name; raise InputError for a name that is none."""
        presets = {"usual": cls, "all": cls.all, "noise_only": cls.noise_only}
        if name not in presets:
            raise InputError(f"There are no effects {name!r} to start from. There are: {', '.join(presets)}.")
        return presets[name]()

    def switched(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> "Effects":
        """Return the effects with some switched; raise InputError for a name that is none, with the nearest one."""
        on, off = set(on), set(off)
        for name in sorted(on | off):
            _refuse_unknown(name)
        if both := sorted(on & off):
            raise InputError(f"{', '.join(both)}: switched on and off at once. Name each effect once.")
        return replace(self, **dict.fromkeys(on, True), **dict.fromkeys(off, False))


def effect_names() -> tuple[str, ...]:
    """Return the names of all effects."""
    return tuple(field.name for field in fields(Effects))


def _refuse_unknown(name: str) -> None:
    if name not in effect_names():
        nearest = difflib.get_close_matches(name, effect_names(), 1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        raise InputError(f"There is no effect {name!r}.{hint} There are: {', '.join(effect_names())}.")
