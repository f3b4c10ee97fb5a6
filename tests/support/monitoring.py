"""The bot with its metrics served on a free port, and the samples that they hold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bot.app.monitoring.measured_pool import MeasuredAnswerPool
from bot.app.runner import run_with_services
from bot.playground import Playground
from bot.settings import Settings
from bot.sources.context import SourceAdmin
from index.sources.fetch.network import ssl_context
from tests.support.admin import AdminTalk
from tests.support.bot import ARTICLES, bot_under
from tests.support.commands import free_port
from tests.support.libraries import open_library
from tests.support.playground import serve_playground
from tests.support.waiting import PATIENCE_SECONDS, until


@dataclass(frozen=True, slots=True)
class Sample:
    """Value of a metric with its labels."""

    name: str
    labels: dict[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class MonitoredTalk(AdminTalk):
    """Conversation with a bot whose metrics are served."""

    pages: httpx.AsyncClient

    async def samples(self) -> list[Sample]:
        """Return the samples of all metrics."""
        return samples_in((await self.pages.get("/metrics")).text)

    async def value(self, name: str, **labels: str) -> float:
        """Return the value of a metric with these labels."""
        found = await self.samples()
        (value,) = (each.value for each in found if (each.name, each.labels) == (name, labels))
        return value

    async def reaches(self, value: float, name: str, **labels: str) -> None:
        """Wait until a metric with these labels has a value."""

        async def is_there() -> bool:
            return await self.value(name, **labels) == value

        await until(is_there)


def samples_in(text: str) -> list[Sample]:
    """Parse the text format of Prometheus."""
    return [
        Sample(sample.name, sample.labels, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]


@asynccontextmanager
async def pages_on(port: int) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client of the pages on a port."""
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(
        base_url=address, timeout=PATIENCE_SECONDS, verify=ssl_context()
    ) as pages:
        yield pages


@asynccontextmanager
async def monitored_talk(folder: Path, **settings: Any) -> AsyncIterator[MonitoredTalk]:
    """Run the bot with its services and metrics under an embedded Telegram."""
    port = free_port()
    own = {"private_networks": True, "metrics": {"listen": f"127.0.0.1:{port}"}}
    chosen = Settings.model_validate(own | settings)
    with open_library(folder, ARTICLES) as library:
        desk = SourceAdmin(library, chosen, gather=0)
        async with serve_playground(Playground()) as client:
            pool = MeasuredAnswerPool.of_threads(library)
            application = bot_under(client, library, answer_pool=pool, source_admin=desk)
            async with run_with_services(application, desk), pages_on(port) as pages:
                yield MonitoredTalk(client, application, library, pages)
