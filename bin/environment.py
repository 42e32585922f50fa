"""Makes .venv from a requirements file, once, then becomes a command inside it.

    python3 bin/environment.py requirements.txt [manage.py up --port 8000]

Only the standard library is used here: this runs before anything is installed.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin" / "python"
LOG = HOME / "install.log"
NEEDED_MB = 700
NETWORK_WORDS = (
    "name resolution",
    "Network is unreachable",
    "NewConnectionError",
    "ConnectionError",
    "Connection refused",
    "timed out",
    "Could not find a version",
    "dns error",
    "Failed to fetch",
    "error sending request",
)
DISK_WORDS = ("No space left",)


class RefusalError(Exception):
    """The environment cannot be made; the sentence says what the person can do."""


def main() -> None:
    name, *command = sys.argv[1:]
    try:
        ensure(name)
    except RefusalError as fault:
        sys.exit(str(fault))
    except KeyboardInterrupt:
        sys.exit("\n已中断，再次运行即可继续。  Interrupted; run it again to go on.")
    if command:
        os.chdir(ROOT)
        os.execv(PYTHON, [str(PYTHON), *command])


def ensure(name: str) -> None:
    if is_ready(name):
        return
    if not os.access(ROOT, os.W_OK):
        raise RefusalError(f"目录不可写：{ROOT}\nThis folder is not writable: {ROOT}")
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once: the second waits for the first
        if not is_ready(name):
            install(name)


def is_ready(name: str) -> bool:
    """True when this file, or the larger one that contains it, was installed to the end."""
    return PYTHON.exists() and any(
        stamp_path(known).is_file() and stamp_path(known).read_text() == digest(known)
        for known in {name, "requirements-dev.txt"}
    )


def stamp_path(name: str) -> Path:
    return HOME / f"{name}.installed"


def digest(name: str) -> str:
    """Also of the place: an environment that was copied elsewhere points back to the old one."""
    texts = [(ROOT / part).read_bytes() for part in ("requirements.txt", name)]
    return hashlib.sha256(b"\0".join([*texts, str(HOME).encode()])).hexdigest()


def install(name: str) -> None:
    for stamp in HOME.glob("*.installed"):
        stamp.unlink()
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if free_mb < NEEDED_MB:
        raise RefusalError(
            f"磁盘空间不足：剩余 {free_mb} MB，需要 {NEEDED_MB} MB。\n"
            f"Not enough disk space: {free_mb} MB left, {NEEDED_MB} MB needed."
        )
    print(
        "首次运行，正在安装依赖（约一分钟）…  First start: installing packages, about a minute.", flush=True
    )
    uv = shutil.which("uv")
    if not (uv and install_with_uv(uv, name)):
        install_with_pip(name)
    stamp_path(name).write_text(digest(name))


def install_with_uv(uv: str, name: str) -> bool:
    """False sends us to pip, which also knows the mirrors of pip.conf."""
    made = [uv, "venv", "--clear", "--quiet", "--python", sys.executable, str(HOME)]
    filled = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "-r", name]
    return run(made) and run(filled)


def install_with_pip(name: str) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_support()
    if not run([sys.executable, "-m", "venv", "--clear", str(HOME)]):
        raise RefusalError(f"无法创建 .venv：{last_line()}\nCannot make .venv: {last_line()}")
    if not run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", name]):
        raise RefusalError(reason())


def install_venv_support() -> None:
    """Debian keeps ensurepip in a package of its own."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("正在安装 python3-venv…  Installing python3-venv.", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "python3-venv"], check=False, **quiet)
        importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is None:
        raise RefusalError(
            "缺少 python3-venv，请先安装：sudo apt install python3-venv\n"
            "python3-venv is missing; install it first: sudo apt install python3-venv"
        )


def run(command: list[str]) -> bool:
    """What the installers say goes to a file; a person needs one sentence of it."""
    HOME.mkdir(exist_ok=True)
    lines = subprocess.run(
        command,
        cwd=ROOT,
        # An office proxy signs with a certificate that only the machine's own store knows.
        env={"UV_SYSTEM_CERTS": "true", **os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    HOME.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        log.write(lines.stdout)
    return lines.returncode == 0


def reason() -> str:
    text = LOG.read_text(errors="replace")
    if any(word in text for word in DISK_WORDS):
        return "磁盘空间不足，安装未完成。\nThe disk is full; the installation is not complete."
    if any(word in text for word in NETWORK_WORDS):
        return (
            f"下载失败，请检查网络或 pip 镜像设置后再运行（日志：{LOG}）。\n"
            f"The download failed: check the network or pip's mirror, then run it again. Log: {LOG}"
        )
    return f"安装失败：{last_line()}（日志：{LOG}）\nInstalling failed: {last_line()}"


def last_line() -> str:
    lines = LOG.read_text(errors="replace").split("\n") if LOG.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


if __name__ == "__main__":
    main()
