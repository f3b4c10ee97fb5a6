"""The rooms of the house: small folders, packages that say what they are for, imports by faces."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TREES = ("index", "bot")
MOST_ENTRIES = 14
DATA = {"migrations", "versions", "static"}
"""Folders of files that no module imports one by one."""


def packages() -> list[Path]:
    folders = (file.parent for tree in TREES for file in (ROOT / tree).rglob("__init__.py"))
    return sorted(folder for folder in folders if not DATA & set(folder.parts))


PACKAGES = packages()
FOLDERS = [*PACKAGES, ROOT / "bot/playground/static"]


def modules(tree: str) -> Iterator[Path]:
    return (file for file in sorted((ROOT / tree).rglob("*.py")) if not DATA & set(file.parts))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")


def imported(file: Path) -> Iterator[tuple[str, list[str]]]:
    """Each module that a file imports from this project, and the names that it takes."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in TREES:
            yield node.module, [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from (
                (alias.name, []) for alias in node.names if alias.name.split(".")[0] in TREES
            )


@pytest.mark.parametrize("package", FOLDERS, ids=name_of)
def test_a_folder_is_small_enough_to_be_read_at_one_look(package: Path) -> None:
    entries = [path.name for path in package.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES, sorted(entries)


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_a_package_says_what_it_is_for(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
    assert "." in docstring


@pytest.mark.parametrize("tree", TREES)
def test_a_public_class_name_occurs_once_in_a_tree(tree: str) -> None:
    names = Counter(
        node.name
        for file in modules(tree)
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert not {name for name, times in names.items() if times > 1}


@pytest.mark.parametrize("tree", TREES)
def test_a_module_is_imported_from_its_package_and_no_deeper_than_a_sub_package(
    tree: str,
) -> None:
    """`index.language.spelling` and `index.language.dates` may be named by all of the code, but
    `index.language.dates.relative` only within `index.language`."""
    too_deep = [
        f"{name_of(file)} imports {module}"
        for file in modules(tree)
        for module, _ in imported(file)
        if module.count(".") > 2 and not name_of(file).startswith(module.rsplit(".", 2)[0] + ".")
    ]
    assert not too_deep


@pytest.mark.parametrize("tree", TREES)
def test_a_module_does_not_import_the_face_of_its_own_package(tree: str) -> None:
    own_face = []
    for file in modules(tree):
        if file.name == "__init__.py":
            continue
        package = file.parent
        for module, names in imported(file):
            is_face = module == name_of(package)
            if is_face and any(
                not (package / f"{name}.py").is_file() and not (package / name).is_dir()
                for name in names
            ):
                own_face.append(f"{name_of(file)} imports {module}")
    assert not own_face


def test_the_index_is_tested_without_telegram_and_without_a_browser() -> None:
    code = "import sys, tests.conftest; print(*sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert not {"bot", "playwright", "telegram"} & set(printed.stdout.split())
