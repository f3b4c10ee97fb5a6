"""Word lists of the library, as tab-separated text; lines that begin with `#` are comments."""

from importlib.resources import files


def rows(name: str, package: str = "index.language.data") -> list[list[str]]:
    """Read the rows of a list in a package, split into columns."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
