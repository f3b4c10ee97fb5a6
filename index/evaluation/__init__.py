"""Evaluation of answer quality: gold question files, metrics, votes of users.

`read_questions` reads them from a file, `ask_all` asks each of them and finds the rank of the
first right quote, `compute_report` counts that by type, language and diacritics. `judge_votes`
does the like for what people thought of answers in the chat. Any system
that answers as a `Library` does can be measured beside it.
"""

from index.evaluation.feedback import judge_votes
from index.evaluation.gold import GoldQuestion, remove_diacritics, sample_evenly
from index.evaluation.metrics import Figures, Report, compute_report
from index.evaluation.question_file import QuestionSet, read_questions
from index.evaluation.runner import Answering, Outcome, ask_all

__all__ = [
    "Answering",
    "Figures",
    "GoldQuestion",
    "Outcome",
    "QuestionSet",
    "Report",
    "ask_all",
    "compute_report",
    "judge_votes",
    "read_questions",
    "remove_diacritics",
    "sample_evenly",
]
