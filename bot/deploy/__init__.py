"""Files to run the bot as a service: systemd unit, Dockerfile, dashboard, alerting rules."""

from importlib.resources import files

NAMES = {
    "systemd": "hoibao.service",
    "docker": "Dockerfile",
    "grafana": "dashboard.json",
    "alerts": "alerts.yml",
}
"""Name of the file for each tool."""


def read(tool: str) -> str:
    """Read the file for a tool, by its key in `NAMES`."""
    return (files(__name__) / NAMES[tool]).read_text(encoding="utf-8")
