"""Load and validate settings: from `config.toml`, overridden by `HOIBAO_*` variables."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError as NotJsonError

from bot.settings.problems import SettingsError, describe_error, did_you_mean
from bot.settings.settings import Settings
from bot.settings.structure import PREFIX, secrets_of, variables_of

DEFAULT_FILE = Path("config.toml")

_QUOTED = re.compile(r"\"(\w+)\"")  # the name of a setting, in an error of pydantic-settings


def load(file: Path | None = None) -> Settings:
    """Load the settings of a file and the environment.

    Args:
        file: A TOML file that must exist; by default `config.toml`, if there is one.

    Raises:
        SettingsError: If the file cannot be read, or a setting is unknown or wrong.
    """
    path = file or DEFAULT_FILE
    values = _read(path) if file or path.exists() else {}
    _refuse_unknown_variables()
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(describe_error(error, Settings, path, values)) from None
    except NotJsonError as error:
        name = _QUOTED.search(str(error))
        variable = f"{PREFIX}{name[1].upper()}" if name else "environment"
        raise SettingsError(f"{variable}: JSON is expected; see config.example.toml") from None


def file_with_secret(file: Path | None = None) -> Path | None:
    """Return the settings file, see `load`, if it holds a token, a password or a secret."""
    path = file or DEFAULT_FILE
    values = _read(path) if path.exists() else {}
    return path if any(_holds(values, names) for names in secrets_of(Settings)) else None


def _holds(values: object, names: tuple[str, ...]) -> bool:
    """Tell whether there is a value at a path in a file, whose tables may be anything else."""
    for name in names:
        if not isinstance(values, Mapping) or name not in values:
            return False
        values = values[name]
    return True


def _refuse_unknown_variables() -> None:
    known = variables_of(Settings)
    given = [name for name in os.environ if name.upper().startswith(PREFIX)]
    if unknown := sorted(name for name in given if name.upper() not in known):
        named = f"{', '.join(unknown)}{did_you_mean(unknown[0].upper(), known)}"
        raise SettingsError(f"environment: there is no setting {named}; see config.example.toml")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise SettingsError(f"config {path}: it is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"config {path}: {error.strerror or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"config {path}: not valid TOML: {error}") from None
