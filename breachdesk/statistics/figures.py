"""What a year's figures are made of: plain values that `measures` computes, `disclosure` thins out and `tables` writes down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from breachdesk.statistics.years import Year

STEERING, PUBLIC = "steering", "public"
FEWEST_FOR_A_PERCENTAGE = 10
FEWEST_FOR_A_MEDIAN = 5
_STOCKS_AND_FLOWS = ("A1", "A2", "A4", "A5", "A6")


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a breakdown. Where the public edition shows no count, `hidden` has the words that stand in its place."""

    label: str
    count: int | None
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: a count or a number of days, or so many out of so many, or a count with its parts.

    Raises ValueError when the parts do not add up to the value: such a figure must not be seen by anybody.
    """

    id: str
    title: str
    unit: str
    definition: str
    value: int | float | None = None
    numerator: int | None = None
    denominator: int | None = None
    parts: tuple[Part, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        counts = [part.count for part in self.parts if part.count is not None]
        if counts and len(counts) == len(self.parts) and sum(counts) != self.value:
            raise ValueError(f"The parts of {self.id} add up to {sum(counts)}, not to {self.value}; count them again from the log.")
        if self.numerator is not None and self.denominator is not None and self.numerator > self.denominator:
            raise ValueError(f"{self.id} counts {self.numerator} out of {self.denominator}; count both from the same cases.")

    @property
    def percentage(self) -> float | None:
        """Unrounded; None under ten, where one case more or less looks like a trend."""
        if self.numerator is None or self.denominator is None or self.denominator < FEWEST_FOR_A_PERCENTAGE:
            return None
        return 100 * self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Figures:
    """A year in figures, in one of two editions. `balance_fault` is empty, or says why they must not be published."""

    year: Year
    data_as_at: date | None
    measures: tuple[Measure, ...]
    balance_fault: str = ""
    edition: str = STEERING

    def measure(self, wanted: str) -> Measure:
        """The measure with that ID. Raises KeyError when these figures have none."""
        found = next((measure for measure in self.measures if measure.id == wanted), None)
        if found is None:
            raise KeyError(f"The figures for {self.year.label} have no measure {wanted}.")
        return found

    @property
    def nil_return(self) -> bool:
        """Nothing was open, came in or was closed. The report is produced all the same, and says so."""
        return not any(self.measure(wanted).value for wanted in _STOCKS_AND_FLOWS)
