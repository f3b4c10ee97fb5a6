"""How good the answers are: questions whose answers are known, asked and counted.

`read_questions` reads them from a file, `asked` asks each of them and finds the rank of the
first right quote, `report_of` counts that by type, language and marks. `judge_votes` does the
like for what people thought of answers in the chat. What is asked need not be a `Library`:
anything that answers as it does can be measured beside it.
"""

from index.evaluation.asking import Answering, Outcome, asked
from index.evaluation.figures import Figures, Report, Unanswerable, report_of
from index.evaluation.question_file import QuestionSet, read_questions
from index.evaluation.questions import GoldQuestion, spread, unmarked
from index.evaluation.votes import VoteReport, judge_votes

__all__ = [
    "Answering",
    "Figures",
    "GoldQuestion",
    "Outcome",
    "QuestionSet",
    "Report",
    "Unanswerable",
    "VoteReport",
    "asked",
    "judge_votes",
    "read_questions",
    "report_of",
    "spread",
    "unmarked",
]
