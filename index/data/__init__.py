"""Word lists that come with the library, as tab-separated text; lines from `#` are remarks."""

from importlib.resources import files


def rows(name: str) -> list[list[str]]:
    """The rows of a list, split into columns."""
    text = files("index.data").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
