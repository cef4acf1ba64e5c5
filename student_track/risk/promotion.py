"""The rule by which boosted trees take the place of the logistic model: a later term is not enough, it takes two."""

from dataclasses import dataclass, field

from student_track.risk.audit import Audit
from student_track.risk.figures import Figure, shown

LEAST_STUDENTS_WITH_EVENT = 400
LEAST_TERMS = 3
"""One to train on, and two successive ones to judge by."""

LEAST_GAIN = 0.01


@dataclass(frozen=True)
class TermResult:
    """What the trees did on a term later than their training, less what the logistic model did there.

    ``gain`` is of the AUC and paired: both on the same draws of students. ``audit`` compares the trees with the
    logistic model, not with the label; it is empty where no groups were supplied.
    """

    term: str
    gain: Figure
    precision_gain: float
    audit: Audit = field(default_factory=Audit)


@dataclass(frozen=True)
class Contest:
    """All that the rule looks at; ``results`` of successive terms, the latest last."""

    students_with_event: int
    finished_terms: int
    results: tuple[TermResult, ...]
    passes_gate: bool
    has_reasons: bool


def why_not_tried(students_with_event: int, finished_terms: int) -> str:
    """Return why trees are not even trained; empty where there is enough to try."""
    if finished_terms < LEAST_TERMS:
        return f"{finished_terms} terms have finished; {LEAST_TERMS} are needed, for trees are judged on two in a row."
    if students_with_event < LEAST_STUDENTS_WITH_EVENT:
        needed = f"{LEAST_STUDENTS_WITH_EVENT} are needed before trees can be better"
        return f"{students_with_event} students dropped off in the terms to train on; {needed}."
    return ""


def conditions(contest: Contest) -> list[tuple[bool, str]]:
    """Return each condition of the rule: whether it holds, and in words with its figures. All must hold."""
    too_little = why_not_tried(contest.students_with_event, contest.finished_terms)
    successive = len(contest.results) >= LEAST_TERMS - 1
    return [
        (not too_little, f"there is enough to learn trees from: {contest.students_with_event} students dropped off"),
        (successive, "was compared with the logistic model on two terms in a row"),
        *(condition for result in contest.results for condition in _on_term(result)),
        (contest.passes_gate, "passes the gate itself"),
        (contest.has_reasons, "gives exact reasons that keep to the signs, also after it was stored and read again"),
    ]


def _on_term(result: TermResult) -> list[tuple[bool, str]]:
    gain = result.gain
    ranks = f"ranks above the logistic model by at least {LEAST_GAIN:g} AUC, the interval above 0: {shown(gain)}"
    names = f"at staff's capacity names no fewer of those who dropped off: {result.precision_gain:+.3f}"
    fair = f"treats no group worse: {result.audit.said or 'no groups were supplied, none were compared'}"
    return [
        (gain.value >= LEAST_GAIN and gain.low > 0, f"on {result.term} {ranks}"),
        (result.precision_gain >= 0, f"on {result.term} {names}"),
        (not result.audit.alarms, f"on {result.term} {fair}"),
    ]
