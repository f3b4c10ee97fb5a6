"""Tell systemd that the bot is ready, that its event loop turns, and that it stops: sd_notify(3).

Outside of a service of `Type=notify` nothing is told.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

PINGS_A_TIMEOUT = 3  # so that one may be late
MICROSECONDS = 1_000_000  # in a second

_LOGGER = logging.getLogger(__name__)


class ServiceManager:
    """Socket on which a service manager listens; without one, what is told is lost.

    Args:
        address: The path of a datagram socket; `@` at its beginning means an abstract one.
    """

    def __init__(self, address: str) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def tell(self, state: str) -> None:
        """Send an assignment, such as `READY=1`; never waits, and logs what cannot be sent."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto(state.encode(), self._address)
        except OSError as error:
            _LOGGER.warning("The service manager was not told %s: %s", state, error)


@asynccontextmanager
async def telling_service_manager(
    environment: Mapping[str, str] = os.environ,
) -> AsyncIterator[None]:
    """Tell that the bot is ready, and ping while the context is open; then tell that it stops.

    The pings come from the event loop: where that hangs, the service manager starts the bot anew.

    Args:
        environment: The variables `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    """
    manager = ServiceManager(environment.get("NOTIFY_SOCKET", ""))
    manager.tell("READY=1")
    pause = _pause(environment)
    pinging = asyncio.create_task(_ping(manager, pause)) if pause else None
    try:
        yield
    finally:
        manager.tell("STOPPING=1")
        if pinging:
            pinging.cancel()
            with suppress(asyncio.CancelledError):
                await pinging


async def _ping(manager: ServiceManager, pause: float) -> None:
    while True:
        manager.tell("WATCHDOG=1")
        await asyncio.sleep(pause)


def _pause(environment: Mapping[str, str]) -> float:
    """Return the seconds between two pings; 0 if none are wanted of this process."""
    timeout = environment.get("WATCHDOG_USEC", "")
    process = environment.get("WATCHDOG_PID", "")
    if not timeout.isdecimal() or process not in {"", str(os.getpid())}:
        return 0.0
    return int(timeout) / MICROSECONDS / PINGS_A_TIMEOUT
