"""Structure of the settings: their tables, variables and secrets, read from the model's fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

PREFIX = "HOIBAO_"
NESTED = "__"


@dataclass(frozen=True)
class Table:
    """Table of the settings, or a list of tables."""

    name: str
    model: type[BaseModel]
    is_list: bool

    @property
    def heading(self) -> str:
        """Its heading in a TOML file."""
        return f"[[{self.name}]]" if self.is_list else f"[{self.name}]"


def tables_of(settings: type[BaseModel]) -> Mapping[str, Table]:
    """Return the tables of a model by their names: its fields that hold other models."""
    return {
        name: Table(name, model, is_list=get_origin(field.annotation) is tuple)
        for name, field in settings.model_fields.items()
        for model in (field.annotation, *get_args(field.annotation))
        if isinstance(model, type) and issubclass(model, BaseModel)
    }


def variables_of(settings: type[BaseModel]) -> frozenset[str]:
    """Return the environment variables that set a value; a list of tables has one, in JSON."""
    names = set(settings.model_fields)
    for table in tables_of(settings).values():
        if not table.is_list:
            names |= {f"{table.name}{NESTED}{name}" for name in table.model.model_fields}
    return frozenset(f"{PREFIX}{name.upper()}" for name in names)


def secrets_of(settings: type[BaseModel]) -> tuple[tuple[str, ...], ...]:
    """Return the paths to the secrets of a model and of its tables, such as webhook, secret."""
    own = tuple((name,) for name, field in settings.model_fields.items() if _is_secret(field))
    nested = tuple(
        (table.name, name)
        for table in tables_of(settings).values()
        for name, field in table.model.model_fields.items()
        if _is_secret(field)
    )
    return own + nested


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))
