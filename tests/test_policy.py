"""The policy: exact limits, folded marks, refusals with the line to mend."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from student_track.errors import InputError
from student_track.policy import fold_mark, load_policy

DEFAULT = Path(__file__).parent.parent / "params" / "policy.yml"


@pytest.fixture
def changed(tmp_path):
    def write(old: str, new: str) -> Path:
        text = DEFAULT.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "policy.yml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return write


def test_limits_are_exact_shares():
    limits = load_policy(DEFAULT).tier_limits
    assert list(limits.values()) == [Fraction(0), Fraction(1, 20), Fraction(1, 10), Fraction(1, 5)]


@pytest.mark.parametrize("written", ["p", " P ", "\uff30", "P\u0301", "\u00a0p", "P\u200b", "\ufeffP", "✔\ufe0f"])
def test_matching_folds_case_width_spaces_accents_and_what_nobody_sees(written):
    assert load_policy(DEFAULT).code_of_folded_mark[fold_mark(written)] == "present"


@pytest.mark.parametrize("written", ["?", "1", "x", "P!", "sck", "L5", "P/A", "L/E", "P/?", "//", ","])
def test_a_mark_that_is_not_listed_has_no_code(written):
    assert load_policy(DEFAULT).code_of(written) is None


@pytest.mark.parametrize(
    ("written", "code"), [("p/P", "present"), ("A, absent", "absent"), ("/\\", "present"), ("sick;E", "excused")]
)
def test_several_marks_that_mean_the_same_are_one(written, code):
    assert load_policy(DEFAULT).code_of(written) == code


TARDY = 'marks: ["L", "LATE", "T", "TARDY"]'
BY_MINUTES = """marks: ["L", "LATE", "T", "TARDY", "L#", "# min late"]
    numbers: [1, 14]"""
TOO_LATE = """
  too_late:
    marks: ["L#", "# min late"]
    numbers: [15, 999]
    state: absent
"""


@pytest.mark.parametrize(
    ("written", "code"),
    [("L5", "tardy"), ("l 14", "tardy"), ("L15", "too_late"), ("20 min late", "too_late"), ("L0", None), ("Lx", None)],
)
def test_a_number_in_a_mark_chooses_the_code(changed, written, code):
    path = changed(TARDY, BY_MINUTES)
    path.write_text(path.read_text(encoding="utf-8").rstrip() + TOO_LATE, encoding="utf-8")
    assert load_policy(path).code_of(written) == code


def test_codes_whose_numbers_overlap_are_refused(changed):
    path = changed(TARDY, BY_MINUTES)
    path.write_text(path.read_text(encoding="utf-8").rstrip() + TOO_LATE.replace("15", "14"), encoding="utf-8")
    with pytest.raises(InputError, match="stands in two codes, tardy and too_late"):
        load_policy(path)


def test_numbers_without_a_place_for_them_are_refused(changed):
    with pytest.raises(InputError, match="with a # where the number stands"):
        load_policy(changed(TARDY, TARDY + "\n    numbers: [1, 14]"))


def test_a_code_that_is_no_absence_misses_nothing():
    codes = load_policy(DEFAULT).codes
    assert codes["not_required"].missed_share == 0
    assert codes["half_day"].missed_share == Fraction(1, 2)
    assert codes["excused"].missed_share == 1


def test_parts_of_a_unit_divide_by_every_fraction_and_every_number_of_sessions(changed):
    parts = load_policy(changed('missed: "1/2"\n    is_excused', 'missed: "1/7"\n    is_excused')).parts_per_unit
    assert all(parts % (7 * sessions) == 0 for sessions in range(1, 25))


def test_a_typo_names_file_line_and_key(changed):
    path = changed("tier_scope: school", "tier_skope: school")
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "tier_skope" in text)
    with pytest.raises(InputError, match=rf"policy\.yml, line {line}: unknown key `tier_skope`.*tier_scope"):
        load_policy(path)


def test_a_mark_in_two_codes_is_refused(changed):
    with pytest.raises(InputError, match="stands in two codes, present and tardy"):
        load_policy(changed('"ONLINE"', '"l"'))


def test_limits_that_do_not_rise_are_refused(changed):
    with pytest.raises(InputError, match="limits must rise"):
        load_policy(changed('severe_chronic_from: "20 %"', 'severe_chronic_from: "8 %"'))


@pytest.mark.parametrize("share", ["120 %", "a tenth", "1/0"])
def test_a_share_must_be_one(changed, share):
    with pytest.raises(InputError, match="at_risk_from"):
        load_policy(changed('at_risk_from: "5 %"', f'at_risk_from: "{share}"'))


def test_the_fingerprint_changes_with_any_rule(changed):
    assert (
        load_policy(changed('at_risk_from: "5 %"', 'at_risk_from: "6 %"')).fingerprint
        != load_policy(DEFAULT).fingerprint
    )


OVERRIDE = """overrides:
  - cohort: "Evening"
    from: "2026-09-01"
    to: "2026-12-18"
    moderate_chronic_from: "15 %"
  - cohort: "Evening"
    from: "2026-12-19"
    tier_from_possible_units: 5
"""


def test_a_cohort_has_its_own_rules_between_the_dates_both_inclusive(changed):
    policy = load_policy(changed("overrides: []\n", OVERRIDE))
    in_force = [policy.rules_of_cohorts(date(2026, *day)) for day in ((8, 31), (9, 1), (12, 18), (12, 19))]
    assert in_force[0] == {}
    assert [own["Evening"].moderate_chronic_from for own in in_force[1:]] == [
        Fraction(15, 100),
        Fraction(15, 100),
        Fraction(1, 10),
    ]
    assert in_force[3]["Evening"].tier_from_possible_units == 5


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('from: "2026-12-19"', 'from: "2026-12-18"', "two overrides of Evening are in force at once"),
        ('moderate_chronic_from: "15 %"', 'moderate_chronic_from: "25 %"', "limits must rise"),
        ('moderate_chronic_from: "15 %"', "unit: session", r"line \d+: unknown key `overrides.0.unit`"),
        ("    tier_from_possible_units: 5\n", "", "replaces at least one rule"),
        ('to: "2026-12-18"', 'to: "2026-08-18"', "`to` lies before `from`"),
    ],
)
def test_an_override_that_cannot_be_is_refused(changed, old, new, says):
    assert old in OVERRIDE
    with pytest.raises(InputError, match=says):
        load_policy(changed("overrides: []\n", OVERRIDE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("due_from_absences: 3", "due_from_absences: 3\n    due_from_tier: at_risk", "write one of the two"),
        ("due_from_absences: 3", "due_from_tier: satisfactory", "name a worse one"),
        ("name: letter", "name: call", "two rungs of the ladder have the same name"),
    ],
)
def test_a_rung_that_cannot_be_is_refused(changed, old, new, says):
    with pytest.raises(InputError, match=says):
        load_policy(changed(old, new))
