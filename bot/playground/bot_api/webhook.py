"""Webhook delivery of updates, in order and with retries, and its Bot API methods."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from bot.playground.bot_api.parameters import Handler, Parameters
from bot.playground.errors import Json, bad_request, conflict
from bot.playground.guard import is_loopback
from bot.playground.world.updates import Updates

HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Telegram: characters of a secret token
ANSWER_SECONDS = 60.0
FIRST_RETRY_SECONDS = 0.25
LONGEST_RETRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class DescribedResult:
    """Result with a `description`, as setWebhook returns."""

    value: object
    description: str


class PlaygroundWebhook:
    """setWebhook, deleteWebhook, getWebhookInfo, getUpdates, and webhook delivery.

    Args:
        updates: The queue of updates.
        clock: The time in seconds since 1970.
    """

    def __init__(self, updates: Updates, clock: Callable[[], float]) -> None:
        self._updates = updates
        self._clock = clock
        self._url = ""
        self._secret = ""
        self._connections: int | None = None
        self._failure: tuple[int, str] | None = None
        self._set = asyncio.Event()

    def handlers(self) -> dict[str, Handler]:
        """Return the methods by name."""
        return {
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._info,
            "getUpdates": self._get_updates,
        }

    async def deliver(self) -> None:
        """Post updates to the webhook until cancelled."""
        while True:
            await self._set.wait()
            async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as client:
                while self._url:
                    await self._deliver_next(client)

    async def _deliver_next(self, client: httpx.AsyncClient) -> None:
        update = self._updates.first()
        if update is None:
            await self._updates.changed()
            return
        pause = FIRST_RETRY_SECONDS
        while self._url and self._updates.first() is update:
            failure = await self._post(client, update)
            if failure is None:
                self._updates.confirm(update["update_id"] + 1)
                return
            self._failure = (int(self._clock()), failure)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY_SECONDS)

    async def _post(self, client: httpx.AsyncClient, update: Json) -> str | None:
        headers = {HEADER: self._secret} if self._secret else {}
        try:
            response = await client.post(self._url, json=update, headers=headers)
        except httpx.TimeoutException:
            return "Read timeout expired"
        except httpx.HTTPError:
            return "Connection failed"
        if response.is_success:
            return None
        return f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"

    def _set_webhook(self, parameters: Parameters) -> object:
        url = parameters.text("url")
        if not url:
            return self._delete_webhook(parameters)
        if not _may_post_to(url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = parameters.text("secret_token")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        is_same = (url, secret) == (self._url, self._secret)
        self._url, self._secret, self._failure = url, secret, None
        self._connections = parameters.integer("max_connections")
        self._prepare(parameters)
        self._updates.interrupt()
        self._set.set()
        return DescribedResult(True, "Webhook is already set" if is_same else "Webhook was set")

    def _delete_webhook(self, parameters: Parameters) -> object:
        was_set = bool(self._url)
        self._url, self._secret, self._failure = "", "", None
        self._set.clear()
        self._prepare(parameters)
        self._updates.wake()
        return DescribedResult(
            True, "Webhook was deleted" if was_set else "Webhook is already deleted"
        )

    def _prepare(self, parameters: Parameters) -> None:
        self._updates.allow(parameters.json("allowed_updates", what="allowed updates"))
        if parameters.flag("drop_pending_updates"):
            self._updates.drop()

    def _info(self, _: Parameters) -> object:
        info: Json = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self._failure is not None:
            info["last_error_date"], info["last_error_message"] = self._failure
        if self._url:
            info["max_connections"] = self._connections or 40
        if self._updates.allowed:
            info["allowed_updates"] = list(self._updates.allowed)
        return info

    def _get_updates(self, parameters: Parameters) -> object:
        if self._url:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._updates.allow(parameters.json("allowed_updates", what="allowed updates"))
        self._updates.confirm(parameters.integer("offset") or 0)
        return self._updates.poll(
            parameters.integer("limit") or 100, max(0, parameters.integer("timeout") or 0)
        )


def _may_post_to(url: str) -> bool:
    """Tell whether a webhook URL is allowed: https, or http on this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port, httpx.URL(url).host  # raise if they are invalid
    except (ValueError, httpx.InvalidURL):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
