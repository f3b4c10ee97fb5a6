"""Settings: from `config.toml` and `HOIBAO_*` variables, validated, with errors in plain words.

`values` are the types of single settings, `tables` the tables, `settings` is all of them together,
`loading` reads them, `problems` words their errors, and `structure` is known from their model.
"""

from bot.settings.loading import file_with_secret, load
from bot.settings.problems import SettingsError, describe_problem
from bot.settings.settings import Settings
from bot.settings.structure import NESTED, PREFIX
from bot.settings.tables import Following, Metrics, OpenSearch, Reranker, SourceSetting, Webhook
from bot.settings.values import Role

__all__ = [
    "NESTED",
    "PREFIX",
    "Following",
    "Metrics",
    "OpenSearch",
    "Reranker",
    "Role",
    "Settings",
    "SettingsError",
    "SourceSetting",
    "Webhook",
    "describe_problem",
    "file_with_secret",
    "load",
]
