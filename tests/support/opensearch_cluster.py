"""Real OpenSearch clusters on loopback, whose nodes can be killed and started again."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.opensearch_server import STOPPED_SECONDS, free_port, start_node, warm_up
from tests.support.processes import cpu_seconds, megabytes
from tests.support.waiting import START_SECONDS, wait_until

GREEN_SECONDS = 900.0
"""In which all copies of shards are there again, also on a busy machine."""


class Node:
    """Node of a cluster, by its name and ports; it may be killed and started again."""

    def __init__(self, folder: Path, heap: str) -> None:
        self.folder = folder
        self.heap = heap
        self.http, self.transport = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._spent = 0.0

    @property
    def name(self) -> str:
        """Its name in the cluster."""
        return self.folder.name

    @property
    def url(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.http}"

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def cpu(self) -> float:
        """Return the CPU seconds of all its processes so far."""
        running = cpu_seconds(self.process.pid) if self.process and self.is_running else 0.0
        return self._spent + running

    def megabytes(self) -> float:
        """Return its resident memory in MB."""
        return megabytes(self.process.pid) if self.process and self.is_running else 0.0

    def start(self, nodes: "list[Node]") -> None:
        """Start it as one of some nodes of a cluster."""
        self.process = start_node(
            self.folder,
            self.http,
            self.transport,
            heap=self.heap,
            cluster__name="hoibao",
            discovery__seed_hosts=",".join(f"127.0.0.1:{node.transport}" for node in nodes),
            cluster__initial_cluster_manager_nodes=",".join(node.name for node in nodes),
        )

    def kill(self) -> None:
        """Kill it with -9."""
        assert self.process is not None
        self._spent = self.cpu()
        self.process.kill()
        self.process.wait(STOPPED_SECONDS)

    def stop(self) -> None:
        """Stop it, if it runs; by force if it does not end by itself."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOPPED_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOPPED_SECONDS)


class Nodes:
    """Nodes of one cluster."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of all nodes."""
        return tuple(node.url for node in self.nodes)

    def cpu(self) -> float:
        """Return the CPU seconds of all nodes so far."""
        return sum(node.cpu() for node in self.nodes)

    def manager(self) -> Node:
        """Return the node that manages the cluster."""
        found = self.get("/_cluster/state/cluster_manager_node,nodes")
        name = found["nodes"][found["cluster_manager_node"]]["name"]
        return next(node for node in self.nodes if node.name == name)

    def restart(self, node: Node) -> None:
        """Start a node again that was killed."""
        node.start(self.nodes)

    def wait_until_green(self) -> None:
        """Wait until all nodes are there and have all copies of shards.

        Raises:
            TimeoutError: They have not.
        """
        wait_until(self._is_green, GREEN_SECONDS)

    def get(self, path: str) -> Mapping[str, Any]:
        """Return the answer of a running node."""
        url = next(node.url for node in self.nodes if node.is_running)
        with urllib.request.urlopen(f"{url}{path}", timeout=60) as found:
            answer: Mapping[str, Any] = json.load(found)
            return answer

    def _is_green(self) -> bool:
        query = f"wait_for_status=green&wait_for_nodes={len(self.nodes)}&timeout=10s"
        with suppress(OSError):
            return bool(self.get(f"/_cluster/health?{query}")["status"] == "green")
        return False


@contextmanager
def opensearch_cluster(folder: Path, number: int = 3, heap: str = "512m") -> Iterator[Nodes]:
    """Run a cluster; stop its nodes at the end, whatever happens.

    Args:
        folder: For the data and logs of the nodes, within one that everybody may enter; data that
            is there already is used.
        number: The number of its nodes.
        heap: The heap of each.
    """
    nodes = Nodes([Node(folder / f"node-{each}", heap) for each in range(1, number + 1)])
    try:
        for node in nodes.nodes:
            node.start(nodes.nodes)
        wait_until(lambda: _is_complete(nodes), START_SECONDS)
        warm_up(nodes.urls[0])
        yield nodes
    finally:
        for node in nodes.nodes:
            node.stop()


def _is_complete(nodes: Nodes) -> bool:
    ended = [node.name for node in nodes.nodes if not node.is_running]
    assert not ended, f"{', '.join(ended)} ended; see its logs/out"
    with suppress(OSError):
        query = f"wait_for_nodes={len(nodes.nodes)}&timeout=5s"
        return not nodes.get(f"/_cluster/health?{query}")["timed_out"]
    return False
