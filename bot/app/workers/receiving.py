"""Receive updates: connect and retry, poll or listen on a webhook, alone or by turns."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from functools import partial
from time import monotonic

from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.app.application import UPDATES, BotApplication, context_of, rate_limiter_of
from bot.app.error_handler import log_polling_error
from bot.app.errors import StartError, TokenError, WebhookError
from bot.app.profile import register_profile
from bot.app.workers.sharing import Sharing
from bot.conversation.context import CACHES_OF_WORDS
from bot.conversation.memory import restore_chat, save_chat
from bot.messages.examples import ExampleQuestions
from bot.settings import Role, Webhook
from bot.transport.connection import BotApiRequest, NoBotApiError, TokenRefusedError
from bot.transport.inbox import InboxQueue, InboxWorker
from bot.transport.polling import POLL_TIME, SHARED_POLL_TIME, PollingBot
from bot.transport.webhook import listening
from index.store import Leases
from index.workers import LoggedFailures, hide, in_background

FIRST_PAUSE_SECONDS = 1.0  # before connecting again; doubled at each failure
LONGEST_PAUSE_SECONDS = 60.0
LOOK_SECONDS = 1.0  # between looks whether it is this worker's turn to poll
CONNECT_SECONDS = 10.0  # within which one whose turn it is must begin to
SILENT_SECONDS = 16.0  # without an answer, after which it is another's turn; a request fails in 15
STAND_BY_SECONDS = 20.0  # for which it then stands by: longer than a lease holds
HANDOVER_SECONDS = 60.0  # in which two may ask for updates at once
RECONNECT_SECONDS = 5.0  # between looks whether Telegram is reached again
UNSEEN_SECONDS = 3_600.0  # after which the flood bucket of a person is full again
REFUSAL = (
    "Telegram refuses the token: copy it again from @BotFather into token in config.toml or "
    "HOIBAO_TOKEN"
)

_LOGGER = logging.getLogger(__name__)


@asynccontextmanager
async def receiving(
    application: BotApplication, webhook: Webhook | None, pause: float, sharing: Sharing | None
) -> AsyncIterator[None]:
    """Receive and process updates while the context is open, as far as the roles say.

    Args:
        application: The application, initialised.
        webhook: How updates are delivered; without it the bot fetches them.
        pause: Seconds before the first try to connect again.
        sharing: How the work is shared with other workers; by default it is not.

    Raises:
        TokenError: If Telegram refuses the token.
        StartError: If Telegram refuses a request that the bot needs to start.
        WebhookError: If the webhook cannot be set or served.
    """
    receives = sharing is None or Role.BOT in sharing.roles
    async with AsyncExitStack() as stack:
        if receives and webhook is not None:
            await stack.enter_async_context(_listening(application, webhook, pause))
        elif receives and sharing is None:
            await retry_until_connected(lambda: _poll(application), pause)
        await application.start()
        if sharing is None:  # else `bot.app.examples` does so in one of the workers
            application.create_task(register_profile(application.bot, ExampleQuestions()))
        if sharing is not None and Role.ANSWER in sharing.roles:
            processing = _inbox_worker(application, sharing).run()
            await stack.enter_async_context(in_background(_reconnect(application)))
            await stack.enter_async_context(in_background(processing))
        if sharing is not None and receives and webhook is None:
            leases = sharing.library.leases
            polling = _poll_by_turns(application, leases, pause)
            await stack.enter_async_context(in_background(polling))
        yield


def _inbox_worker(application: BotApplication, sharing: Sharing) -> InboxWorker:
    desk, queue = context_of(application), _queue_of(application)
    inbox, buckets, bot = sharing.library.inbox, sharing.library.flood_buckets, application.bot.id
    worker, pool, connection = sharing.worker, desk.answer_pool, connection_of(application)

    def purge() -> None:
        inbox.purge(bot, CACHES_OF_WORDS)
        buckets.purge(UNSEEN_SECONDS)

    return InboxWorker(
        inbox,
        application,
        queue,
        worker.id,
        save=partial(save_chat, desk.caches),
        restore=partial(restore_chat, desk.caches),
        has_room=lambda: worker.may_claim and connection.is_reached and not pool.is_full,
        purge=purge,
    )


def _queue_of(application: BotApplication) -> InboxQueue:
    assert isinstance(application.update_queue, InboxQueue)
    return application.update_queue


async def _reconnect(application: BotApplication) -> None:
    """Find out when Telegram is reached again: until then no update is claimed and answered."""
    connection = connection_of(application)
    while True:
        await asyncio.sleep(RECONNECT_SECONDS)
        if not connection.is_reached:
            with suppress(TelegramError):
                await application.bot.get_me()


async def _poll_by_turns(application: BotApplication, leases: Leases, pause: float) -> None:
    """Fetch updates, or stand by while another worker does, or when it shall."""
    name = f"polling {application.bot.id}"
    failures = LoggedFailures(_LOGGER, "updates cannot be fetched")
    while True:
        rest = LOOK_SECONDS
        with failures:
            try:
                await _poll_while_leased(application, leases, name, pause)
            except StartError:
                rest = STAND_BY_SECONDS
                raise
        await asyncio.sleep(rest)


async def _poll_while_leased(
    application: BotApplication, leases: Leases, name: str, pause: float
) -> None:
    """Fetch updates as long as this worker has the lease; return at once if another one has it.

    Raises:
        StartError: This worker does not reach Telegram.
    """
    give_up_at, in_thread = monotonic() + CONNECT_SECONDS, _queue_of(application).threads.run
    with ExitStack() as stack:
        lease = await in_thread(stack.enter_context, leases.held(name, wait=False))
        try:
            if not lease.is_mine:
                return
            await retry_until_connected(
                lambda: _poll(application, is_shared=True),
                pause,
                while_=lambda: lease.is_mine and monotonic() < give_up_at,
            )
            _LOGGER.info("This worker fetches the updates")
            while lease.is_mine:
                await asyncio.sleep(LOOK_SECONDS)
                _require_answers(application)
        finally:
            if application.updater is not None and application.updater.running:
                await stop_polling(application)
            await in_thread(stack.close)


def _require_answers(application: BotApplication) -> None:
    """Check that requests for updates are answered.

    Raises:
        StartError: None was for a while.
    """
    assert isinstance(application.bot, PollingBot)
    since = application.bot.unanswered_since
    if since is not None and monotonic() - since > SILENT_SECONDS:
        raise StartError("this worker does not reach Telegram, and leaves them to others")


async def _poll(application: BotApplication, *, is_shared: bool = False) -> None:
    """Start to fetch updates, perhaps after another worker did."""
    assert application.updater is not None
    assert isinstance(application.bot, PollingBot)
    application.bot.begin_polling()
    began = monotonic()

    def failed(error: TelegramError) -> None:
        if isinstance(error, TokenRefusedError):
            token_refused(application).set()
        elif isinstance(error, Conflict) and is_shared and monotonic() < began + HANDOVER_SECONDS:
            _LOGGER.info("The worker that fetched the updates until now ends a request")
        else:
            log_polling_error(error)

    await application.updater.start_polling(
        timeout=SHARED_POLL_TIME if is_shared else POLL_TIME,
        allowed_updates=UPDATES,
        error_callback=failed,
    )


def token_refused(application: BotApplication) -> asyncio.Event:
    """Return the event that is set when Telegram refuses the token of a running bot."""
    return connection_of(application).refused


def connection_of(application: BotApplication) -> BotApiRequest:
    """Return the connection of the bot's requests."""
    connection = application.bot.request
    assert isinstance(connection, BotApiRequest)
    return connection


@asynccontextmanager
async def _listening(
    application: BotApplication, webhook: Webhook, pause: float
) -> AsyncIterator[None]:
    """Listen for updates, protected by a secret token, before Telegram is told where."""
    secret = webhook.secret.get_secret_value() if webhook.secret else None
    secret = secret or _secret_of(application.bot.token)
    hide(secret)

    async def set_webhook() -> None:
        try:
            await application.bot.set_webhook(
                str(webhook.url), secret_token=secret, allowed_updates=UPDATES
            )
        except BadRequest as error:
            # The path may be a secret: many put the token there.
            where = f"webhook.url at {webhook.url.host}"
            raise WebhookError(f"{where}: Telegram refuses it: {error}") from None

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(
                listening(
                    application,
                    address=webhook.listen,
                    port=webhook.port,
                    path=webhook.url.path or "/",
                    secret=secret,
                )
            )
        except OSError as error:
            where = f"webhook.listen {webhook.listen}, webhook.port {webhook.port}"
            raise WebhookError(f"{where}: {error.strerror or error}") from None
        await retry_until_connected(set_webhook, pause)
        yield


async def stop_polling(application: BotApplication) -> None:
    """Stop to fetch updates; what the library still waits for is given up with the requests."""
    assert application.updater is not None
    with suppress(NetworkError):
        async with rate_limiter_of(application).abortable():
            await application.updater.stop()


def _secret_of(token: str) -> str:
    """Derive the secret of the webhook from the token: the same in every worker."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


async def retry_until_connected(
    action: Callable[[], Awaitable[object]],
    pause: float,
    while_: Callable[[], bool] = lambda: True,
) -> None:
    """Retry a request until Telegram is reached, with a growing pause.

    Args:
        action: Makes the request.
        pause: Seconds before the first try again.
        while_: Whether a failed request may be tried again.

    Raises:
        TokenError: Telegram refuses the token.
        StartError: It refuses the request, or is not reached while it may be tried.
    """
    while True:
        try:
            await action()
        except (InvalidToken, TokenRefusedError):
            raise TokenError(REFUSAL) from None
        except NoBotApiError as error:
            raise StartError(
                f"the server answers {error}: there is no Bot API at api_url, or none for a token "
                "of this form; correct api_url or the token"
            ) from None
        except TelegramError as error:
            if isinstance(error, BadRequest) or not isinstance(error, NetworkError | RetryAfter):
                raise StartError(f"Telegram refuses what the bot needs to start: {error}") from None
            if not while_():
                raise StartError(f"Telegram cannot be reached: {error}") from None
            _LOGGER.warning("Telegram cannot be reached, trying again in %g s: %s", pause, error)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
