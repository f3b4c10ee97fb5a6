"""Run the bot with its services, on Telegram or in the playground; stop gracefully."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any

from pydantic import AnyHttpUrl, SecretStr

from bot.alerts.sender import Sender, sending
from bot.app.application import (
    BotApplication,
    build_application,
    context_of,
    rate_limiter_of,
)
from bot.app.embedding import embedding_in_background
from bot.app.errors import TokenError
from bot.app.examples import ExampleRenewal, renewing_examples
from bot.app.profile import register_profile
from bot.app.reindexing import reindexing_in_background
from bot.app.service_manager import telling_service_manager
from bot.app.workers.receiving import (
    FIRST_PAUSE_SECONDS,
    REFUSAL,
    receiving,
    retry_until_connected,
    stop_polling,
    token_refused,
)
from bot.app.workers.sharing import Sharing, joined, shared
from bot.conversation.answer_pool import AnswerPool, answer_pool
from bot.conversation.usage import counting
from bot.messages.examples import ExampleQuestions
from bot.playground import Limits, Playground
from bot.playground.world import PEOPLE
from bot.settings import Role, Settings, Webhook
from bot.sources.context import SourceAdmin
from bot.sources.following import running_follower
from bot.transport.update_order import PerChatUpdateProcessor
from index import Library
from index.workers import BACKGROUND_NICENESS, ProcessExecutor, preload

THREADS = 8  # for calls that wait for the database
STOP_SECONDS = 7.0  # for updates and alerts at hand at a stop; the rest takes up to three
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
OPEN_TO_NETWORK = (
    "Warning: the playground is open to the network. Whoever has the address with its key acts as "
    "any person there, admins too, and all of it is sent unencrypted."
)

_LOGGER = logging.getLogger(__name__)


def run(library: Library, settings: Settings) -> None:
    """Run the bot on Telegram until SIGINT or SIGTERM; see `serve`."""
    _run_until_stopped(serve(library, settings))


async def serve(library: Library, settings: Settings) -> None:
    """Run the bot on Telegram until the task is cancelled; tell a service manager of it.

    Args:
        library: The library that is searched.
        settings: Token, limits, and how updates come.

    Raises:
        TokenError: If there is no token, or Telegram refuses it, now or later.
        StartError: If Telegram refuses a request that the bot needs to start.
        WebhookError: If the webhook cannot be set or served.
    """
    with shared(library, settings) as sharing:
        running_bot = _running_bot(library, settings, sharing)
        async with running_bot as application, telling_service_manager():
            await token_refused(application).wait()
            raise TokenError(REFUSAL)


def run_playground(
    library: Library,
    settings: Settings,
    *,
    host: str,
    port: int,
    has_limits: bool = False,
    announce: Callable[[str], object],
) -> None:
    """Run the bot in an embedded Telegram with a chat page, until SIGINT or SIGTERM.

    Its first person is admin if the settings name none.

    Args:
        library: The library that is searched.
        settings: Limits; token and webhook are not used.
        host: The address to listen on.
        port: The port; 0 takes one that is free.
        has_limits: Whether Telegram's limits of sending are enforced.
        announce: Called with a line that names the page's address once it can be opened; before
            that with a warning if it can be opened from other machines.

    Raises:
        OSError: If the port is taken or the host is none of this machine.
    """

    async def main() -> None:
        playground = Playground(limits=Limits() if has_limits else None)
        async with playground.serve(host, port) as address:
            values = {
                "token": SecretStr(playground.token),
                "api_url": AnyHttpUrl(address),
                "webhook": None,
                "admins": settings.admins or (PEOPLE[0].id,),
            }
            async with _running_bot(library, settings.model_copy(update=values)):
                if playground.key:
                    announce(OPEN_TO_NETWORK)
                announce(f"Hỏi Báo is ready: open {address}{playground.query}")
                await asyncio.Event().wait()

    _run_until_stopped(main())


@asynccontextmanager
async def running(
    application: BotApplication,
    *,
    webhook: Webhook | None = None,
    pause: float = FIRST_PAUSE_SECONDS,
    sharing: Sharing | None = None,
) -> AsyncIterator[BotApplication]:
    """Run a bot while the context is open.

    While Telegram cannot be reached it is tried again, at growing intervals.

    Args:
        application: The application of `build_application`.
        webhook: How updates are delivered; without it the bot fetches them.
        pause: Seconds before the first try again.
        sharing: How the work is shared with other workers; by default this process does it all.

    Yields:
        The application, once it receives updates.

    Raises:
        TokenError: If Telegram refuses the token.
        StartError: If Telegram refuses a request that the bot needs to start.
        WebhookError: If the webhook cannot be set or served.
    """
    try:
        await retry_until_connected(application.initialize, pause)
        async with receiving(application, webhook, pause, sharing):
            _LOGGER.info("The bot @%s is listening", application.bot.username)
            yield application
    finally:
        await _stop(application)


@asynccontextmanager
async def run_with_services(
    application: BotApplication, source_admin: SourceAdmin, sharing: Sharing | None = None
) -> AsyncIterator[None]:
    """Run a bot, follow its sources, send its alerts and embed, while the context is open.

    Args:
        application: The application of `build_application`.
        source_admin: The source administration.
        sharing: How the work is shared with other workers; by default this process does it all.

    Raises:
        StartError: If the metrics that the settings want cannot be served.
    """
    library, settings = source_admin.library, source_admin.settings
    roles = sharing.roles if sharing else frozenset(Role)
    sender = Sender(
        library,
        application.bot,
        rate_limiter_of(application).send_queue,
        longest_late=settings.alert_hours * 3600,
        paid=settings.paid_broadcast,
    )
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        await enter(_monitoring(application, source_admin, sender, sharing))
        await enter(reindexing_in_background(library))
        await enter(embedding_in_background(library))
        if Role.FOLLOW in roles:
            await enter(running_follower(source_admin.follower, library, settings))
        await enter(running(application, webhook=settings.webhook, sharing=sharing))
        if Role.SEND in roles:
            await enter(sending(sender))
        await enter(source_admin.open(application.bot if Role.FOLLOW in roles else None))
        await enter(counting(context_of(application).usage, application.bot.id))
        try:
            yield
        finally:
            _give_up_later(application)


@asynccontextmanager
async def _monitoring(
    application: BotApplication,
    source_admin: SourceAdmin,
    sender: Sender,
    sharing: Sharing | None,
) -> AsyncIterator[None]:
    """Serve the metrics of a bot while the context is open, if the settings want that."""
    metrics = source_admin.settings.metrics
    if metrics is None:
        yield
        return
    # It imports the library of Prometheus, which nothing else needs.
    from bot.app.monitoring.endpoint import serve_metrics
    from bot.app.monitoring.parts import Monitored

    worker = sharing.worker if sharing else None
    async with serve_metrics(Monitored(application, source_admin, sender, worker), metrics):
        yield


def _pool_type(settings: Settings) -> type[AnswerPool]:
    """Return the class of the answer pool: it measures if there are metrics."""
    if settings.metrics is None:
        return AnswerPool
    from bot.app.monitoring.measured_pool import MeasuredAnswerPool

    return MeasuredAnswerPool


@asynccontextmanager
async def _running_bot(
    library: Library, settings: Settings, sharing: Sharing | None = None
) -> AsyncIterator[BotApplication]:
    """Run the bot that the settings describe, with its processes, while the context is open."""
    roles = sharing.roles if sharing else frozenset(Role)
    answering = settings.answering_processes if Role.ANSWER in roles else 0
    if answering:
        preload("bot.questions.service")
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            answer_pool(library, answering, _pool_type(settings))
        )
        executor = None  # threads of this process
        if settings.answering_processes and Role.FOLLOW in roles:
            opener = library.opener(models=False)
            executor = await stack.enter_async_context(
                ProcessExecutor(opener, niceness=BACKGROUND_NICENESS)
            )
        worker = sharing.worker if sharing else stack.enter_context(joined(library, [Role.FOLLOW]))
        source_admin = SourceAdmin(library, settings, executor=executor, worker=worker)
        examples = ExampleQuestions()
        application = build_application(
            library,
            settings,
            answer_pool=pool,
            source_admin=source_admin,
            examples=examples,
            is_shared=sharing is not None,
        )
        await stack.enter_async_context(run_with_services(application, source_admin, sharing))
        if Role.ANSWER in roles:
            show = partial(register_profile, application.bot, examples)
            shows = partial(_answers_longest, sharing)
            renewal = ExampleRenewal(library, pool, examples, show, shows=shows)
            await stack.enter_async_context(renewing_examples(renewal))
        yield application


def _answers_longest(sharing: Sharing | None) -> bool:
    """Whether no other worker has answered questions for longer than this one."""
    if sharing is None:
        return True
    members = sharing.library.workers.members()
    answering = [member.id for member in members if Role.ANSWER in member.roles.split()]
    return answering[:1] == [sharing.worker.id]


def _run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine until a signal asks to stop."""

    async def main() -> None:
        task = asyncio.create_task(work)
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS))
        if sys.platform != "win32":  # there a loop takes no handlers; Ctrl-C cancels by itself
            for number in STOP_SIGNALS:
                loop.add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(main())


async def _stop(application: BotApplication) -> None:
    """Stop receiving, finish the updates at hand, close connections; each even if one fails.

    What is not finished in time is given up, see `_give_up_later`.
    """
    updater = application.updater
    deadline = _give_up_later(application)
    async with AsyncExitStack() as steps:  # the last one comes first
        steps.callback(deadline.cancel)
        steps.push_async_callback(application.bot.shutdown)  # also what a failed start left open
        steps.push_async_callback(application.shutdown)
        if application.running:
            steps.push_async_callback(application.stop)
        if updater is not None and updater.running:
            steps.push_async_callback(stop_polling, application)


def _give_up_later(application: BotApplication) -> asyncio.TimerHandle:
    """Give up, after `STOP_SECONDS`, what the bot is still at.

    First requests, and those that wait because Telegram asked for it, fail; then all updates are
    cancelled.
    """
    rate_limiter, processor = rate_limiter_of(application), application.update_processor
    assert isinstance(processor, PerChatUpdateProcessor)

    def give_up() -> None:
        rate_limiter.stop_waiting()
        processor.stop()

    return asyncio.get_running_loop().call_later(STOP_SECONDS, give_up)
