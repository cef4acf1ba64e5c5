"""The sample school: who is in it, and when. Fictional, seeded, its days fixed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

SAMPLE_TODAY = date(2026, 11, 20)
SEED = 20_261_120
CLUB = "Chess club"
GROUPS = ("Ash", "Beech", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Rowan")
TERMS = (
    ("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19)),
    ("Spring 2026", date(2026, 1, 5), date(2026, 3, 27)),
    ("Summer 2026", date(2026, 4, 13), date(2026, 7, 17)),
    ("Autumn 2026", date(2026, 9, 2), date(2026, 12, 18)),
    ("Spring 2027", date(2027, 1, 4), date(2027, 3, 25)),
    ("Summer 2027", date(2027, 4, 12), date(2027, 7, 16)),
)
SCHOOL_YEARS = (("2025/26", date(2025, 9, 1), date(2026, 7, 31)), ("2026/27", date(2026, 9, 1), date(2027, 7, 31)))
HOLIDAYS = (
    ("Autumn half-term", date(2025, 10, 27), date(2025, 10, 31)),
    ("Spring half-term", date(2026, 2, 16), date(2026, 2, 20)),
    ("May Day", date(2026, 5, 4), date(2026, 5, 4)),
    ("Summer half-term", date(2026, 5, 25), date(2026, 5, 29)),
    ("Autumn half-term", date(2026, 10, 26), date(2026, 10, 30)),
    ("Spring half-term", date(2027, 2, 15), date(2027, 2, 19)),
    ("May Day", date(2027, 5, 3), date(2027, 5, 3)),
    ("Summer half-term", date(2027, 5, 31), date(2027, 6, 4)),
)
STAFF_DAY = date(2026, 9, 18)
SNOW_DAY = date(2026, 1, 22)
CLUB_WEEKDAYS = (1, 3)
DROP_OFF_KINDS, RECOVERY_KINDS = (8, 13, 18), (4, 9, 10, 14, 15, 17, 19)
ON_THE_WAY_KIND = 11
SILENT_SOON = date(2026, 11, 16)
COMMON_ABSENCE, COMMON_TARDINESS = 0.06, 0.03
FIRST_NAMES = (
    "Aaliyah Adam Agnès Aisha Alba Amir Ana Anton Anwen Arjun Asha Astrid Ayo Bea Ben Bilal Bram Caitlín Callum Carys "
    "Cem Chloé Clara Dafydd Daria David Dilan Dylan Edie Elif Ella Emil Emre Erin Esther Eva Farah Felix Finn Freya "
    "Gabriel Grace Greta Hana Harper Hasan Hugo Ida Idris Imani Inés Iris Isaac Ivo Jamal Jana Jonas José Josie Juno "
    "Kai Karim Kezia Kofi Lars Layla Leo Lena Liv Lucía Luca Maja Malik Mara Mateo Maya Mei Milo Mina Nadia Naomi Nia "
    "Noah Nora Oisín Olga Omar Oscar Otto Petra Priya Rafael Rania Reza Rhys Rosa Ruben Sadia Saoirse Selin Sena Simon "
    "Sofia Soren Tamar Tariq Tess Theo Tom Una Vera Viktor Wanda Wen Xenia Yara Yusuf Zara Zoë"
).split()
LAST_NAMES = (
    "Abara Adeyemi Ahmed Álvarez Andersen Baker Banerjee Becker Bello Berg Boateng Brandt Byrne Campbell Castro Chen "
    "Chowdhury Clarke Cohen Costa Czerny D'Arcy Dahl Davies Demir Diallo Doyle Dubois Eriksen Evans Farouk Fernández "
    "Fischer Flores Fofana Garcia Ghosh Grant Gruber Haddad Hansen Hughes Hussain Ibrahim Ivanova Jansen Jones Joshi "
    "Kaya Keller Khan Kim Kowalski Kumar Laurent Lee Lewis Lindqvist Lopez MacLeod Mahmoud Malik Marino Mensah Meyer "
    "Molnár Moreau Morgan Müller Murphy Nakamura Ndiaye Nguyen Novak Nowak O'Brien O'Neill Okafor Olsen Ortiz Osei "
    "Park Patel Pereira Petrov Price Quinn Rahman Reyes Rossi Roy Said Santos Schmidt Sharma Silva Singh Sørensen Tan "
    "Thomas Tóth Ueda Varga Walsh Weber Williams Wójcik Wong Yilmaz Young Zeller Zhang"
).split()


@dataclass(frozen=True)
class Stay:
    """A stay in a cohort, both days inclusive; ``left`` is None while it lasts."""

    cohort: str
    joined: date
    left: date | None = None


@dataclass(frozen=True)
class BadWeeks:
    """Some weeks of decline, then silence until the day of return; either may take no time at all."""

    declines_from: date
    silent_from: date
    returns_on: date

    @property
    def is_drop_off(self) -> bool:
        return self.returns_on - self.silent_from > timedelta(weeks=4)


@dataclass(frozen=True)
class Pupil:
    """A student of the sample school, and how attendance goes: the truth that the sheet then shows."""

    number: str
    name: str
    stays: tuple[Stay, ...]
    absence: float
    tardiness: float
    declines_from: date | None = None
    bad_weeks: BadWeeks | None = None


def school_days(first: date, last: date) -> list[date]:
    """Return the days with lessons between two dates: in term, Monday to Friday, no holiday, no staff day."""
    count = (last - first).days + 1
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if day.weekday() < 5 and _is_in_term(day) and day != STAFF_DAY and not _is_holiday(day)]


def _is_in_term(day: date) -> bool:
    return any(first <= day <= last for _, first, last in TERMS)


def _is_holiday(day: date) -> bool:
    return any(first <= day <= last for _, first, last in HOLIDAYS)


def pupils(count: int = 400, seed: int = SEED, is_noise_only: bool = False) -> list[Pupil]:
    """Return the students: most stay both years; some join late, leave, move, drop off, or go to the club.

    With ``is_noise_only`` nothing can be told from their attendance: who would drop off leaves out of the blue instead,
    and everybody attends alike.
    """
    random = Random(seed)  # noqa: S311 - a sample, not a secret
    names = _names(count, random)
    people = [_pupil(index, name, random) for index, name in enumerate(names)]
    people = [_with_club(pupil, random) if index % 15 == 4 else pupil for index, pupil in enumerate(people)]
    people = [_with_bad_weeks(index, pupil, seed) for index, pupil in enumerate(people)]
    return [_without_a_story(pupil, seed) for pupil in people] if is_noise_only else people


def _names(count: int, random: Random) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        names[f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"] = None
    return list(names)


def _pupil(index: int, name: str, random: Random) -> Pupil:
    absence = random.choices(
        (
            random.uniform(0.004, 0.02),
            random.uniform(0.03, 0.06),
            random.uniform(0.08, 0.14),
            random.uniform(0.2, 0.32),
        ),
        weights=(74, 14, 8, 4),
    )[0]
    stays, declines_from = _stays(index, GROUPS[index % len(GROUPS)], random)
    tardiness = 0.12 if index % 23 == 7 else 0.015
    return Pupil(f"{100 + index:06d}", name, stays, absence, tardiness, declines_from)


def _stays(index: int, group: str, random: Random) -> tuple[tuple[Stay, ...], date | None]:
    """Most students stay; the special stories come at fixed places, so that there are always a few of each."""
    start, second_year = TERMS[0][1], TERMS[3][1]
    kind = index % 40
    stays = {1: (Stay(group, second_year),), 2: (Stay(group, start, TERMS[2][2]),)}  # new intake; left with the year
    if kind % 20 in stays:
        return stays[kind % 20], None
    if kind == 3:  # joined late, some so late that it is too early for a tier
        return (Stay(group, random.choice(school_days(date(2026, 9, 14), date(2026, 11, 13)))),), None
    if kind == 5:  # declined and left
        last = random.choice(school_days(date(2025, 11, 10), date(2026, 11, 6)))
        return (Stay(group, start, last),), last - timedelta(days=42)
    if kind == 6:  # moved to another group
        return _transfer(group, random.choice(school_days(date(2026, 9, 21), date(2026, 10, 16)))), None
    is_declining_now = kind % 20 == 7
    days = school_days(date(2026, 9, 28), date(2026, 11, 9))
    return (Stay(group, start),), random.choice(days) if is_declining_now else None


def _transfer(group: str, last: date) -> tuple[Stay, ...]:
    other = GROUPS[(GROUPS.index(group) + 3) % len(GROUPS)]
    return Stay(group, TERMS[0][1], last), Stay(other, school_days(last + timedelta(days=1), SAMPLE_TODAY)[0])


def _with_club(pupil: Pupil, random: Random) -> Pupil:
    last = pupil.stays[-1]
    if last.left or last.joined > date(2026, 9, 14):
        return pupil
    joined = random.choice((date(2026, 9, 8), date(2026, 9, 8), date(2026, 9, 22)))
    return replace(pupil, stays=(*pupil.stays, Stay(CLUB, max(joined, last.joined))))


def _with_bad_weeks(index: int, pupil: Pupil, seed: int) -> Pupil:
    """In each term some students drop off and some only nearly do; a few are on the way there today."""
    kinds = (*DROP_OFF_KINDS, *RECOVERY_KINDS)
    kind, is_on_the_way = index % 20, index % 40 == ON_THE_WAY_KIND
    if kind not in kinds and not is_on_the_way:
        return pupil
    random = Random(f"{seed}-bad-weeks-{index}")  # noqa: S311 - a story of its own, so that the others stay as they are
    _, first, last = TERMS[3] if is_on_the_way else TERMS[(index // 20 + kinds.index(kind)) % 3]
    days = school_days(first + timedelta(weeks=3), last - timedelta(weeks=5))
    silent_from = SILENT_SOON + timedelta(days=random.randrange(18)) if is_on_the_way else random.choice(days)
    decline = random.randint(3, 5) if is_on_the_way else random.choice((0, 3, 4, 5))
    silence = random.choice((0, 1, 2, 2)) if kind in RECOVERY_KINDS else random.randint(6, 9)
    story = BadWeeks(silent_from - timedelta(weeks=decline), silent_from, silent_from + timedelta(weeks=silence))
    is_leaver = kind in DROP_OFF_KINDS and (index // 20) % 5 == 1
    stays = _until_after_silence(pupil.stays, silent_from) if is_leaver else pupil.stays
    before = random.uniform(0.02, 0.1) if kind in DROP_OFF_KINDS else 0.0  # who drops off was away more all along
    return replace(pupil, bad_weeks=story, stays=stays, absence=max(pupil.absence, before))


def _until_after_silence(stays: tuple[Stay, ...], silent_from: date) -> tuple[Stay, ...]:
    """Leave, after weeks of silence, the register of the group and, if a member, that of the club."""
    last = school_days(silent_from + timedelta(days=18), silent_from + timedelta(days=32))[-1]
    return tuple(replace(stay, left=last) for stay in stays if stay.joined <= last)


def _without_a_story(pupil: Pupil, seed: int) -> Pupil:
    """The same student, attending like everybody; who would drop off in a term leaves on any day of it."""
    story, stays = pupil.bad_weeks, pupil.stays
    if story and story.is_drop_off and story.silent_from < SILENT_SOON:
        random = Random(f"{seed}-leaves-{pupil.number}")  # noqa: S311
        first, last = next((first, last) for _, first, last in TERMS if first <= story.silent_from <= last)
        day = random.choice(school_days(first, last))
        stays = tuple(replace(stay, left=day) for stay in stays if stay.joined <= day)
    return Pupil(pupil.number, pupil.name, stays, absence=COMMON_ABSENCE, tardiness=COMMON_TARDINESS)
