"""Query analysis: filters, abbreviations, diacritics, numbers, answer type."""

from index.search.query.analysis import QuestionAnalyser
from index.search.query.article_requests import (
    ArticleRequest,
    parse_article_request,
    parse_subject_request,
)
from index.search.query.chat_language import remove_courtesies
from index.search.query.collection_abbreviations import CollectionAbbreviations
from index.search.query.filters import FilterError, FilterReason, find_sources, remove_filters
from index.search.query.model import (
    BEING_THERE,
    QUESTION_PHRASES,
    QUESTION_SYLLABLES,
    Query,
    answer_type,
)
from index.search.query.small_talk import SmallTalk, small_talk
from index.search.query.story_requests import StoryRequest, parse_story_days, parse_story_request

__all__ = [
    "BEING_THERE",
    "QUESTION_PHRASES",
    "QUESTION_SYLLABLES",
    "ArticleRequest",
    "CollectionAbbreviations",
    "FilterError",
    "FilterReason",
    "Query",
    "QuestionAnalyser",
    "SmallTalk",
    "StoryRequest",
    "answer_type",
    "find_sources",
    "parse_article_request",
    "parse_story_days",
    "parse_story_request",
    "parse_subject_request",
    "remove_courtesies",
    "remove_filters",
    "small_talk",
]
