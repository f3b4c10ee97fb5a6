"""Numbers of things, as the command line says them."""


def counted(number: int, thing: str) -> str:
    """`1 article`, `2 articles`, `1,016,503 sentences`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
