"""The picture of the totals: a bar a month, coloured by act. The figures also stand in its caption, for who can't see it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from delivery.papers.sheet import Sheet
from delivery.papers.typesetting import EDITION, set_paper
from delivery.papers.words import alone, both, figures, file_name, head, said
from kit.errors import Refused
from kit.money import Money
from kit.speech import Speech
from kit.text import nt, t
from services import extracts
from services.extracts import Chart
from services.reimbursements import Act
from services.work import Work

# Okabe and Ito's colours, which people tell apart whatever colours they see; grey for what shares one.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7a4b9d")
_OTHERS = "#9aa0a6"
_TICKS = 5  # on the axis, at most
_LABELS = 12  # months named, at most
_LETTERS = 46  # of an act's label


def of_totals(work: Work, speech: Speech, values: Mapping[str, Any]) -> Sheet:
    """The picture of what a list shows. Raises Refused where nothing is left of it."""
    chart = extracts.of_picture(work, values)
    if not chart.months:
        raise Refused(
            "nothing", t("No reimbursement matches your choice. Try a longer period, or show them all.")
        )
    return Sheet(file_name(work.fund, "totals", "png"), "image/png", _facts(work, speech, chart), _draw)


def _draw(facts: Any) -> bytes:
    return set_paper("totals", facts, facts["at"], "png")


def _facts(work: Work, speech: Speech, chart: Chart) -> dict[str, Any]:
    totals = [amount.centimes for amount in chart.by_month]
    step = _step(max(totals))
    top = step * max(1, math.ceil(max(totals) / step))
    every = math.ceil(len(chart.months) / _LABELS)
    return {
        **head(speech, work.fund),
        "edition": EDITION,
        "at": int(dt.datetime.combine(chart.months[-1], dt.time(), dt.UTC).timestamp()),
        "title": said(speech, t("Reimbursements by month and type of care")),
        "total": said(speech, t("{amount} in all", amount=chart.total)),
        "left_out": said(speech, nt("The last {n} month.", "The last {n} months.", len(chart.months)))
        if chart.earlier
        else None,
        "unit": said(speech, t("Dirhams (MAD)")),
        "ticks": [{"at": value / top, "label": _whole(speech, value)} for value in range(0, top + 1, step)],
        "bars": [
            {
                "month": alone(speech, speech.short_month(month)) if index % every == 0 else None,
                "year": str(month.year) if index == 0 or month.month == 1 else None,
                "sum": _whole(speech, totals[index])
                if len(chart.months) <= _LABELS and totals[index]
                else None,
                "parts": [amount.centimes / top for amount in chart.amounts[index]],
            }
            for index, month in enumerate(chart.months)
        ],
        "acts": [
            {
                "colour": _OTHERS if act is None else _COLOURS[index],
                "label": _label(speech, act),
                "amount": figures(speech, amount),
            }
            for index, (act, amount) in enumerate(zip(chart.acts, chart.by_act, strict=True))
        ],
    }


def _step(largest: int) -> int:
    """The distance of two lines of the axis, in centimes: 1, 2, 2.5 or 5 times a power of ten dirhams, one dirham at least."""
    least = max(largest / _TICKS, 100)
    tenth: int = 10 ** (int(math.log10(least)) - 1)
    return next(tenths * tenth for tenths in (10, 20, 25, 50, 100) if tenths * tenth >= least)


def _whole(speech: Speech, centimes: int) -> str:
    """Dirhams without centimes, as an axis says them."""
    return figures(speech, Money(round(centimes / 100) * 100))[:-3]


def _label(speech: Speech, act: Act | None) -> Any:
    if act is None:
        return said(speech, t("All other types of care"))
    words = both(speech, act.label) if act.label is not None else act.code
    return alone(speech, words if len(words) <= _LETTERS else words[: _LETTERS - 1].rstrip() + "…")


__all__: Sequence[str] = ("of_totals",)
