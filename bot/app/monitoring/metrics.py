"""Metrics in the format of Prometheus, of what the parts of the bot have counted."""

import time
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import accumulate
from typing import TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from bot.app.application import context_of
from bot.app.monitoring.measured_pool import MeasuredAnswerPool
from bot.app.monitoring.parts import Monitored
from bot.app.monitoring.readings import Reading, StoreReading, readiness
from bot.settings import Role
from bot.transport.connection import BotApiRequest
from index.models.durations import Durations
from index.store.sources import SourceState

Value = TypeVar("Value")


def exposition(parts: Monitored, reading: Reading, lags: Durations) -> bytes:
    """Write all metrics in the text format of Prometheus, version 0.0.4.

    Args:
        parts: The parts of the bot, with what they have counted.
        reading: The figures of database and index; metrics of what did not answer are left out.
        lags: The lags of the event loop.
    """
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Families([*_of_parts(parts, lags), *_of_reading(parts, reading)]))
    return generate_latest(registry)


class _Families(Collector):
    """Metrics that were read already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return the metrics."""
        return self._families


def _of_parts(parts: Monitored, lags: Durations) -> Iterator[Metric]:
    """Yield the metrics that the parts have counted since the start."""
    context = context_of(parts.application)
    yield InfoMetricFamily("hoibao_build", "Version of Hỏi Báo.", {"version": version("hoibao")})
    grades = {outcome.value: times for outcome, times in context.usage.durations.items()}
    yield _histogram(
        "hoibao_question_seconds", "Time until a question's answer was found.", grades, "grade"
    )
    pool = context.answer_pool
    yield _gauge("hoibao_questions_waiting", "Questions that wait for a process.", pool.waiting)
    yield _gauge("hoibao_questions_working", "Questions that a process works on.", pool.working)
    yield _counter(
        "hoibao_questions_turned_away", "Questions that found the queue full.", pool.turned_away
    )
    if isinstance(pool, MeasuredAnswerPool):
        times = "Time that one search spent in the {}."
        yield _histogram("hoibao_engine_seconds", times.format("search engine"), pool.engine)
        yield _histogram("hoibao_database_seconds", times.format("database"), pool.database)
    yield _histogram("hoibao_event_loop_lag_seconds", "Lateness of the event loop.", lags)
    yield _gauge(
        "hoibao_updates_in_progress",
        "Updates of Telegram that are handled or wait.",
        parts.application.update_processor.current_concurrent_updates,
    )
    changed = parts.source_admin.changed_articles
    yield _counter("hoibao_articles", "Articles of sources, by what changed.", changed, "change")
    sender = parts.sender
    settled = {"sent": sender.sent, "refused": sender.refused, "expired": sender.expired}
    yield _counter("hoibao_deliveries", "Alerts that were settled.", settled, "result")
    request = parts.application.bot.request
    limited = request.limited if isinstance(request, BotApiRequest) else 0
    yield _counter("hoibao_telegram_limited", "Answers of Telegram that ask to wait.", limited)


def _of_reading(parts: Monitored, reading: Reading) -> Iterator[Metric]:
    """Yield the metrics of what is stored and of what answers."""
    ready = readiness(parts, reading)
    yield _gauge("hoibao_ready", "Whether the bot can do its work, by part.", ready, "part")
    if reading.store is not None:
        yield from _of_store(reading.store)
    if reading.revisions is not None:
        stored, indexed = reading.revisions.stored, reading.revisions.indexed
        yield _gauge("hoibao_store_revision", "Changes of articles that are stored.", stored)
        yield _gauge("hoibao_index_revision", "Changes of articles that are indexed.", indexed)


def _of_store(store: StoreReading) -> Iterator[Metric]:
    states = {state.value: store.sources.get(state, 0) for state in SourceState}
    yield _gauge("hoibao_sources", "Followed sources, by state.", states, "state")
    earliest = store.backlog.earliest
    late = 0.0 if earliest is None else max(0.0, time.time() - earliest)
    yield _gauge("hoibao_deliveries_pending", "Alerts to be sent.", store.backlog.pending)
    yield _gauge("hoibao_deliveries_late_seconds", "Lateness of the most overdue alert.", late)
    yield _gauge("hoibao_updates_waiting", "Stored updates that are not handled.", store.updates)
    yield _gauge(
        "hoibao_updates_late_seconds",
        "Time since the update was stored that waits longest.",
        store.updates_late,
    )
    alive = {role.value: store.workers.get(role, 0) for role in Role}
    yield _gauge("hoibao_workers", "Workers that share the database, by role.", alive, "role")


def _gauge(
    name: str, text: str, value: float | Mapping[str, float], label: str | None = None
) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label] if label else None)
    for values, number in _labelled(value):
        family.add_metric(values, number)
    return family


def _counter(
    name: str, text: str, value: float | Mapping[str, float], label: str | None = None
) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label] if label else None)
    for values, number in _labelled(value):
        family.add_metric(values, number)
    return family


def _histogram(
    name: str, text: str, value: Durations | Mapping[str, Durations], label: str | None = None
) -> Metric:
    family = HistogramMetricFamily(name, text, labels=[label] if label else None)
    for values, durations in _labelled(value):
        family.add_metric(values, _buckets(durations), durations.sum)
    return family


def _buckets(durations: Durations) -> list[tuple[str, float]]:
    """Return how many durations were within each bound; the last one is endless."""
    names = [*map(floatToGoString, durations.bounds), "+Inf"]
    return list(zip(names, accumulate(durations.counts()), strict=True))


def _labelled(value: Value | Mapping[str, Value]) -> Iterator[tuple[list[str], Value]]:
    """Yield the values of a metric with the value of its label, or the one without."""
    if isinstance(value, Mapping):
        yield from (([name], each) for name, each in value.items())
    else:
        yield [], value
