"""Answer pool that measures how long each question waits for the search engine and the database."""

from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from bot.app.monitoring.timing import SearchTimes, run_timed, times_of
from bot.conversation.answer_pool import WAITING_LIMIT, AnswerPool
from index import Library
from index.models.durations import Durations
from index.workers import Executor

BOUNDS_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

Params = ParamSpec("Params")
Result = TypeVar("Result")


class MeasuredAnswerPool(AnswerPool):
    """Answer pool that counts how long its functions spend in engine and database.

    Args:
        executors: See `AnswerPool`.
        waiting: See `AnswerPool`.
    """

    def __init__(
        self, executors: Sequence[Executor[Library]], waiting: int = WAITING_LIMIT
    ) -> None:
        super().__init__(executors, waiting)
        self.engine = Durations(BOUNDS_SECONDS)
        self.database = Durations(BOUNDS_SECONDS)

    async def run(
        self,
        function: Callable[Concatenate[Library, Params], Result],
        /,
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """Run a function, see `AnswerPool.run`, and count the times of its searches."""
        try:
            result, times = await super().run(run_timed, function, args, kwargs)
        except Exception as error:
            self._count(times_of(error))
            raise
        self._count(times)
        return result

    def _count(self, times: SearchTimes) -> None:
        if times.engine is not None:
            self.engine.add(times.engine)
        if times.database is not None:
            self.database.add(times.database)
