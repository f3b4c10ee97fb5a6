"""The README and the example config say everything that there is."""

import re
from datetime import datetime
from pathlib import Path

import click
import pytest

from bot.app.profile import COMMANDS
from bot.cli.main import LazyCommand, hoibao
from bot.settings import Settings
from index.articles.readers import read
from index.models.article import Article

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BENCHMARKS = (ROOT / "tests/benchmarks/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(hoibao.commands))
def test_each_command_is_in_the_readme_with_its_options_and_has_help(name: str) -> None:
    lazy = hoibao.commands[name]
    assert isinstance(lazy, LazyCommand)
    command = lazy.load()
    commands = README[README.index("## Commands") : README.index("## Settings")]
    starts = (f"| `{name} ", f"| `{name}`")
    (row,) = [row for row in commands.splitlines() if row.startswith(starts)]
    subcommands = command.commands if isinstance(command, click.Group) else {}
    for name_of, each in {"": command, **subcommands}.items():
        assert each.help
        assert name_of in row
        for parameter in each.params:
            if isinstance(parameter, click.Option):
                assert any(option in row for option in parameter.opts)


def test_the_text_page_of_the_readme_is_read_as_it_says(tmp_path: Path) -> None:
    (page,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    (tmp_path / "a.txt").write_text(page, encoding="utf-8")
    (article,) = read([tmp_path / "a.txt"])
    assert isinstance(article, Article)
    address, title, _, text, author = page.splitlines()
    assert (article.url, article.title, article.text) == (address, title, text)
    assert (article.source, article.author) == ("bao.example.vn", author)
    assert article.published == datetime.fromisoformat("2021-01-05T14:23+07:00")


@pytest.mark.parametrize("option", ["--config", "--data", "--version"])
def test_each_common_option_is_in_the_readme(option: str) -> None:
    assert option in README


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_is_in_the_readme(name: str) -> None:
    assert re.search(rf"^\| `{name}` ", README, re.MULTILINE)


@pytest.mark.parametrize("command", ["start", *COMMANDS])
def test_each_command_of_the_chat_is_in_the_readme(command: str) -> None:
    assert f"`/{command}`" in README


@pytest.mark.parametrize("target", ["run", "test", "format", "clean"])
def test_each_target_of_make_is_in_the_readme(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert f"make {target}" in README


@pytest.mark.parametrize("page", ["README.md", "tests/benchmarks/README.md"])
def test_modules_and_files_named_in_a_page_are_there(page: str) -> None:
    path = ROOT / page
    text = path.read_text(encoding="utf-8")
    for module in re.findall(r"python -m ([\w.]+)", text):
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file(), module
    for target in re.findall(r"(?:\]\(|src=\")([\w./-]+)[)\"]", text):
        assert (path.parent / target).exists(), target
    for named in re.findall(r"`((?:bot|index|tests)/[\w./]+)`", text):
        assert (ROOT / named).exists(), named


def test_each_benchmark_is_in_the_page_of_the_benchmarks() -> None:
    benchmarks = (ROOT / "tests" / "benchmarks").glob("[!_]*.py")
    assert not [path for path in benchmarks if f"tests.benchmarks.{path.stem}" not in BENCHMARKS]
