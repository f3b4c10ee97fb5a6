"""A real OpenSearch server on loopback, laid out once from the artifacts that Maven fetches.

Its libraries stay in a folder of the machine's temporary files. It runs as `nobody` where the tests
run as root, which it refuses.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock

VERSION = "2.19.6"
PARTS = Path(__file__).parent / "opensearch_parts"
STARTED_SECONDS, STOPPED_SECONDS = 120, 30


def missing() -> str | None:
    """Name what is not installed that a server needs; None if all is there."""
    absent = [name for name in ("java", "mvn") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not installed" if absent else None


@contextmanager
def opensearch_folder() -> Iterator[Path]:
    """Make a folder for a server, which can run here; see `missing`."""
    assert missing() is None
    with tempfile.TemporaryDirectory(prefix="hoibao-opensearch-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "node"


@contextmanager
def opensearch_server(folder: Path, port: int | None = None) -> Iterator[str]:
    """Run a server of one node; yield its URL.

    Args:
        folder: For its data and logs, within one that everybody may enter.
        port: The port of its URL; by default a free one.
    """
    port = port or free_port()
    process = start_node(folder, port, free_port(), discovery__type="single-node")
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/_cluster/health?wait_for_status=yellow&timeout=60s", process, folder)
        warm_up(url)
        yield url
    finally:
        process.terminate()
        process.wait(STOPPED_SECONDS)


def warm_up(url: str) -> None:
    """Make, search and delete an index, which takes a new server far longer than later ones."""
    steps = (("PUT", ""), ("POST", "/_refresh"), ("GET", "/_search"), ("DELETE", ""))
    for method, path in steps:
        request = urllib.request.Request(f"{url}/warm-up{path}", method=method)
        with urllib.request.urlopen(request, timeout=STARTED_SECONDS) as found:
            found.read()


def start_node(
    folder: Path, http: int, transport: int, *, heap: str = "512m", **settings: str
) -> subprocess.Popen[bytes]:
    """Start a node of a cluster.

    Args:
        folder: See `opensearch_server`.
        http: The port of its URL.
        transport: The port for other nodes.
        heap: The most memory that it allocates.
        settings: Further ones of `opensearch.yml`, with `__` for a dot.
    """
    home = _home()
    for name in ("config", "data", "logs", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "config/opensearch.yml").touch()
    shutil.copy(PARTS / "log4j2.properties", folder / "config")
    given = {
        "node.name": folder.name,
        "network.host": "127.0.0.1",
        "http.port": str(http),
        "transport.port": str(transport),
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "indices.breaker.total.use_real_memory": "false",
        **{name.replace("__", "."): value for name, value in settings.items()},
    }
    command = [
        *("java", "-Xms256m", f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        *("-Djava.security.manager=allow", f"-Djava.io.tmpdir={folder}/tmp"),
        *("-Dlog4j2.disable.jmx=true", "-Dlog4j.shutdownHookEnabled=false"),
        *(f"-Dopensearch.path.home={home}", f"-Dopensearch.path.conf={folder}/config"),
        *("-cp", f"{home}/lib/*", "org.opensearch.bootstrap.OpenSearch"),
        *(f"-E{name}={value}" for name, value in given.items()),
    ]
    is_root = os.geteuid() == 0
    for path in (folder, *folder.rglob("*")) if is_root else ():
        shutil.chown(path, "nobody", "nogroup")
    with (folder / "logs/out").open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user="nobody" if is_root else None,
            group="nogroup" if is_root else None,
            extra_groups=[] if is_root else None,
        )


@cache
def _home() -> Path:
    """Return the folder of the server's libraries, laid out if it is missing."""
    home = Path(tempfile.gettempdir()) / f"hoibao-opensearch-{VERSION}-{os.geteuid()}"
    with FileLock(f"{home}.lock"):
        if not home.exists():
            made = Path(tempfile.mkdtemp(prefix=f"{home.name}-"))
            _lay_out(made)
            made.chmod(0o755)
            made.rename(home)
    if home.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{home} is somebody else's")
    return home


def _lay_out(home: Path) -> None:
    for name in ("bin", "config", "plugins", "extensions", "modules/transport-netty4"):
        (home / name).mkdir(parents=True)
    subprocess.run(
        [
            *("mvn", "-q", "-B", "-f", str(PARTS / "pom.xml"), "dependency:copy-dependencies"),
            *("-DincludeScope=runtime", f"-DoutputDirectory={home / 'lib'}"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    netty = home / "modules/transport-netty4"
    for pattern in ("netty-*.jar", "transport-netty4-client-*.jar"):
        for jar in (home / "lib").glob(pattern):
            jar.rename(netty / jar.name)
    for name in ("plugin-descriptor.properties", "plugin-security.policy"):
        shutil.copy(PARTS / name, netty)


def free_port() -> int:
    """Return a port of loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + STARTED_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as found:
                found.read()
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                print((folder / "logs/out").read_text(encoding="utf-8", errors="replace"))
                raise
            time.sleep(0.2)
