"""Event loop with virtual time, for tests of pauses and rates that never really sleep."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from functools import wraps
from typing import Any, ParamSpec, TypeVar, TypeVarTuple, Unpack

START_SECONDS = 1_000.0

_Given = ParamSpec("_Given")
_Args = TypeVarTuple("_Args")
_Result = TypeVar("_Result")


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer when nothing else is left to do.

    Tasks must wait for timers and for each other alone: no network. Work for
    other threads is done in that of the loop.
    """

    def __init__(self) -> None:
        self.now = START_SECONDS
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """The virtual time in seconds."""
        return self.now

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[_Args]], _Result],
        *args: *_Args,
    ) -> "asyncio.Future[_Result]":
        """Call the function as a task."""

        async def call() -> _Result:
            return func(*args)

        return self.create_task(call())


class _JumpingSelector(selectors.SelectSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let the time pass that the loop would have waited.

        Raises:
            RuntimeError: Nothing would ever have ended the wait.
        """
        if timeout is None:
            raise RuntimeError("all tasks wait for each other")
        self._loop.now += timeout
        return super().select(0)


def now() -> float:
    """The time of the running loop: a clock for the code under test."""
    return asyncio.get_running_loop().time()


def in_virtual_time(
    test: Callable[_Given, Coroutine[Any, Any, None]],
) -> Callable[_Given, None]:
    """Run an asynchronous test in virtual time."""

    @wraps(test)
    def run(*args: _Given.args, **kwargs: _Given.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run
