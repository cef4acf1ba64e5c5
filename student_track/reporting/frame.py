"""What stands on every page: the school, the day, the rules, the language."""

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from student_track.policy import Policy
from student_track.reporting.facts import Day, SchoolFacts
from student_track.settings import Settings

OLD_AFTER_DAYS = 4


@dataclass(frozen=True)
class Rules:
    """The policy's rules that every page states; ``tier_limits`` are shares missed, by tier, best tier first."""

    unit: Literal["day", "session"]
    tier_limits: dict[str, Fraction]
    tier_from_possible_units: int
    high_share: Fraction
    """Share of a class that the band high names."""
    period: Literal["school_year", "cohort_life"] = "school_year"
    limit_belongs_to: Literal["worse", "better"] = "worse"

    @classmethod
    def of(cls, policy: Policy) -> "Rules":
        """Return the rules of a policy, or of a cohort that has its own."""
        return cls(
            unit=policy.unit,
            tier_limits=policy.tier_limits,
            tier_from_possible_units=policy.tier_from_possible_units,
            high_share=policy.dropout_risk.high_share,
            period=policy.period,
            limit_belongs_to=policy.tier_limit_belongs_to,
        )


@dataclass(frozen=True)
class Frame:
    """What stands on every page: the school, the day, how old the data is, by which rules, in which language."""

    school_name: str
    day: Day
    from_date: date
    today: date
    rules: Rules
    language: str = "en"
    own_rules: dict[str, Rules] = field(default_factory=dict)
    """Rules of single cohorts that are in force on the day, by cohort: for what is measured in the cohort alone."""
    week_before: date | None = None
    """The school day that "a week before" means; None at the start of the period."""

    @property
    def age_days(self) -> int:
        return (self.today - self.day.as_of_date).days

    @property
    def is_old(self) -> bool:
        """Older than a long weekend."""
        return self.age_days >= OLD_AFTER_DAYS

    def of_cohort(self, cohort: str) -> "Frame":
        """Return the frame of a cohort's page: by its own rules where tiers are the cohort's and it has some."""
        if self.day.policy.tier_scope == "cohort" and cohort in self.own_rules:
            return replace(self, rules=self.own_rules[cohort], own_rules={})
        return replace(self, own_rules={name: rules for name, rules in self.own_rules.items() if name == cohort})


def frame_of(config: Settings, policy: Policy, day: Day, facts: SchoolFacts) -> Frame:
    """Return the frame of the school's pages on the day."""
    return Frame(
        school_name=config.school_name,
        day=day,
        from_date=facts.school["from_date"],
        today=config.today,
        rules=Rules.of(policy),
        language=config.language,
        own_rules={name: Rules.of(rules) for name, rules in policy.rules_of_cohorts(day.as_of_date).items()},
        week_before=facts.week_before,
    )
