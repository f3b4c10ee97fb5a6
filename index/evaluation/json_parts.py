"""Read JSON values with their paths, so that errors name the place in the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import InputError


@dataclass(frozen=True, slots=True)
class JsonPart:
    """A value of a JSON file and its place, as `file.json, data[3].title`."""

    value: object
    file: str
    path: str = ""

    def has(self, key: str) -> bool:
        """Whether it is an object with something under the key."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def part(self, key: str) -> "JsonPart":
        """Return the part under a key.

        Raises:
            InputError: It is not an object, or there is nothing under the key.
        """
        if not isinstance(self.value, dict):
            raise self.error("expected an object")
        below = JsonPart(self.value.get(key), self.file, f"{self.path}.{key}" if self.path else key)
        if below.value is None:
            raise below.error("missing")
        return below

    def items(self, key: str) -> Iterator["JsonPart"]:
        """Yield the parts of the list under a key; each method raises what `part` does."""
        below = self.part(key)
        if not isinstance(below.value, list):
            raise below.error("expected a list")
        for number, value in enumerate(below.value):
            yield JsonPart(value, self.file, f"{below.path}[{number}]")

    def text(self, key: str) -> str:
        """Return the text under a key, which holds more than white space."""
        return self.part(key).as_text()

    def number(self, key: str) -> int:
        """Return the whole number, not negative, under a key."""
        below = self.part(key)
        if not isinstance(below.value, int) or isinstance(below.value, bool) or below.value < 0:
            raise below.error("expected a whole number from 0")
        return below.value

    def name(self, key: str) -> str:
        """Return the text or whole number under a key, as text."""
        below = self.part(key)
        if isinstance(below.value, int) and not isinstance(below.value, bool):
            return str(below.value)
        return below.as_text()

    def texts(self, key: str) -> list[str]:
        """Return the text or the list of texts under a key, as a list."""
        below = self.part(key)
        if isinstance(below.value, list):
            return [text.as_text() for text in self.items(key)]
        return [below.as_text()]

    def as_text(self) -> str:
        """Return the value, if it is text."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("expected text")
        try:
            self.value.encode()
        except UnicodeEncodeError:
            raise self.error("holds half a character (a lone surrogate)") from None
        return self.value

    def error(self, reason: str) -> InputError:
        """Return the error to raise if something is wrong with it."""
        place = f"{self.file}, {self.path}" if self.path else self.file
        return InputError(f"{place}: {reason}")
