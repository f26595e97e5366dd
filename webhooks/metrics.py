"""What is counted, for Prometheus. The paths that many take count in plain dictionaries; they become metrics when somebody asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class Metrics(Collector):
    """One process's figures.

    updates: answers to Telegram's posts by status (401 are forged ones).
    unparsable: posts that were no JSON object.
    sends: what became of sends, by (channel, fate); `sent` counts.
    bad_links: one-time links that were not good.
    """

    def __init__(self) -> None:
        self.updates: Counter[int] = Counter()
        self.unparsable = 0
        self.sends: Counter[tuple[str, str]] = Counter()
        self.bad_links = 0
        self._pending: int | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def sent(self, channel: str, fate: str) -> None:
        """Count a send: "telegram" or "mail", and its fate's name."""
        self.sends[channel, fate] += 1

    def text(self, pending: int | None) -> bytes:
        """Prometheus' text format; `pending` is the number of outbox rows that wait, None when the database doesn't answer."""
        self._pending = pending
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The figures as metric families."""
        updates = CounterMetricFamily(
            "rafiq_updates", "Answers to Telegram's posts, by status.", labels=["status"]
        )
        for status, count in sorted(self.updates.items()):
            updates.add_metric([str(status)], count)
        yield updates
        sends = CounterMetricFamily(
            "rafiq_sends", "Sends, by channel and by what became of them.", labels=["channel", "fate"]
        )
        for labels, count in sorted(self.sends.items()):
            sends.add_metric(labels, count)
        yield sends
        yield CounterMetricFamily(
            "rafiq_unparsable_updates", "Posts that were no JSON object.", value=self.unparsable
        )
        yield CounterMetricFamily(
            "rafiq_bad_links", "One-time links that were not good.", value=self.bad_links
        )
        if self._pending is not None:
            yield GaugeMetricFamily(
                "rafiq_outbox_pending", "Rows of the outbox that wait.", value=self._pending
            )
