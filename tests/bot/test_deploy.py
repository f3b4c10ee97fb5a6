"""The files of `hoibao deploy`: checked by their own tools, and true to the bot."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from bot.deploy import NAMES, read
from bot.settings import NESTED, PREFIX, Metrics, Settings
from tests.support.commands import Commands
from tests.support.monitoring import monitored_talk
from tests.support.paths import ROOT

METRIC = re.compile(r"\b(?:hoibao|process)_[a-z_]+")
SUFFIX = re.compile("_(bucket|count|sum)$")
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = README[README.index("## Operations") : README.index("## How it works")]
HADOLINT = Path(sys.executable).with_name("hadolint")


@pytest.mark.parametrize("tool", sorted(NAMES))
def test_each_file_is_printed_as_it_is(tmp_path: Path, tool: str) -> None:
    printed = Commands(tmp_path)("deploy", tool)

    assert printed.returncode == 0
    assert printed.stdout == (ROOT / "bot" / "deploy" / NAMES[tool]).read_text(encoding="utf-8")


def test_another_tool_is_one_line_that_names_those_there_are(tmp_path: Path) -> None:
    refused = Commands(tmp_path)("deploy", "kubernetes")

    assert refused.returncode == 2
    assert all(tool in refused.stderr for tool in NAMES)
    assert refused.stderr.count("\n") == 1


@pytest.fixture
async def families(tmp_path: Path) -> set[str]:
    """The names of all metrics of a running bot, and of their samples."""
    async with monitored_talk(tmp_path) as talk:
        samples = {sample.name for sample in await talk.samples()}
    return samples | {SUFFIX.sub("", name) for name in samples}


def test_each_metric_that_is_named_is_measured(families: set[str]) -> None:
    for text in (read("grafana"), read("alerts"), OPERATIONS):
        named = set(METRIC.findall(text))
        assert not named - families
        assert len(named) > 8


def test_each_metric_of_the_bot_is_on_the_dashboard(families: set[str]) -> None:
    own = {SUFFIX.sub("", name) for name in families if name.startswith("hoibao_")}
    assert not [name for name in own if name not in read("grafana")]


def test_the_dashboard_has_panels_with_different_places_and_a_data_source_to_choose() -> None:
    dashboard = json.loads(read("grafana"))
    panels = dashboard["panels"]

    assert [variable["name"] for variable in dashboard["templating"]["list"]] == [
        "datasource",
        "instance",
    ]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(place["x"], place["y"]) for place in places(panels)}) == len(panels)
    assert all(place["x"] + place["w"] <= 24 for place in places(panels))
    assert all(panel["title"] and panel["targets"] for panel in panels)


def places(panels: list[dict[str, dict[str, int]]]) -> list[dict[str, int]]:
    return [panel["gridPos"] for panel in panels]


def test_the_alerts_of_the_readme_are_those_of_the_rules() -> None:
    rules = re.findall(r"- alert: (\w+)", read("alerts"))

    assert re.findall(r"`(HoiBao\w+)`", OPERATIONS) == rules
    assert len(re.findall(r"^        expr: .+$", read("alerts"), re.MULTILINE)) == len(rules)


# Containers and other systems than Linux have no systemd, and no Python package brings it along;
# only systemd itself can tell whether it takes a unit.
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_unit_without_a_word(tmp_path: Path) -> None:
    unit = tmp_path / NAMES["systemd"]
    command = read("systemd").replace("/opt/hoibao/bin/hoibao", sys.executable)
    unit.write_text(command, encoding="utf-8")

    verified = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, encoding="utf-8", check=False
    )

    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


# Its package, which comes with the test extra, is built for Linux on x86-64 only.
@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is not installed")
def test_hadolint_accepts_the_dockerfile() -> None:
    found = subprocess.run(
        [HADOLINT, "--failure-threshold", "style", ROOT / "bot" / "deploy" / "Dockerfile"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_the_container_runs_without_root_and_by_settings_that_there_are() -> None:
    dockerfile = read("docker")
    settings = re.findall(rf"{PREFIX}(\w+)=(\S+)", dockerfile[dockerfile.index("ENV ") :])
    values = {name.lower(): value for name, value in settings}

    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["10001:10001"]
    assert values.pop(f"metrics{NESTED}listen").endswith(Metrics().listen.rpartition(":")[2])
    assert Settings.model_validate(values).log_format == "json"
    assert str(Settings.model_validate(values).data) == "/data"
    copied = re.findall(r"^COPY ([^-].*) \S+$", dockerfile, re.MULTILINE)
    for requirements in re.findall(r"REQUIREMENTS=(\S+)", dockerfile):
        paths = " ".join(copied).replace("${REQUIREMENTS}", requirements).split()
        assert all((ROOT / path).exists() for path in paths)


def test_the_wheel_holds_the_files(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])

    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    assert {f"bot/deploy/{name}" for name in NAMES.values()} <= held
