"""The starter that runs before anything is installed."""

import importlib.util

import pytest

from tests.kit.processes import ROOT

pytestmark = pytest.mark.static


@pytest.fixture
def environment(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("environment", ROOT / "bin" / "environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    home = tmp_path / ".venv"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").touch()
    (tmp_path / "requirements.txt").write_text("django==5.2.19\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n")
    for name, value in {
        "ROOT": tmp_path, "HOME": home, "PYTHON": home / "bin" / "python", "LOG": home / "install.log"
    }.items():  # fmt: skip
        monkeypatch.setattr(module, name, value)
    return module


def test_environment_without_a_stamp_was_interrupted_and_is_not_ready(environment):
    assert not environment.is_ready("requirements.txt")


@pytest.mark.parametrize("installed", ["requirements.txt", "requirements-dev.txt"])
def test_larger_environment_serves_the_smaller_file_too(environment, installed):
    environment.stamp_path(installed).write_text(environment.digest(installed))

    assert environment.is_ready("requirements.txt")
    assert environment.is_ready("requirements-dev.txt") is (installed == "requirements-dev.txt")


@pytest.mark.parametrize("installed", ["requirements.txt", "requirements-dev.txt"])
def test_changed_requirements_are_installed_again(environment, installed):
    environment.stamp_path(installed).write_text(environment.digest(installed))

    (environment.ROOT / "requirements.txt").write_text("django==5.2.20\n")

    assert not environment.is_ready("requirements.txt")


@pytest.mark.parametrize(
    "last_words, sentence",
    [
        ("OSError: [Errno 28] No space left on device", "磁盘空间不足"),
        ("Temporary failure in name resolution", "下载失败"),
        ("ERROR: Could not find a version that satisfies the requirement", "下载失败"),
        ("error: something else", "安装失败：error: something else"),
    ],
)
def test_failed_installation_is_explained_in_one_sentence(environment, last_words, sentence):
    environment.LOG.write_text(f"many lines\n{last_words}\n")

    assert environment.reason().startswith(sentence)


def test_installation_stops_before_the_disk_is_full(environment, monkeypatch):
    monkeypatch.setattr(environment, "NEEDED_MB", 10**9)

    with pytest.raises(environment.RefusalError, match="磁盘空间不足"):
        environment.install("requirements.txt")
