"""The reader takes what our images use, and names the line of anything else."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from emulator.declaration.images.dockerfile import Image, read_dockerfile
from emulator.declaration.images.dockerignore import ignored
from emulator.errors import DockerfileError

ROOT = Path(__file__).parents[4]


@pytest.fixture
def context(tmp_path: Path) -> Path:
    for name in ("lib/a.py", "lib/inner/b.py", "lib/__pycache__/a.pyc", "requirements.txt", "one.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def read(context: Path, text: str) -> Image:
    path = context / "Dockerfile"
    path.write_text(text)
    return read_dockerfile(path, context)


def test_an_image_holds_what_is_copied_and_nothing_else(context: Path) -> None:
    image = read(
        context,
        """
        # a comment
        FROM python:3.11-slim
        WORKDIR /app
        COPY requirements.txt ./
        COPY --chown=media:media lib package
        COPY one.txt renamed.txt
        ENV A=1 B="two words"
        RUN pip install \\
            -r requirements.txt
        EXPOSE 8080
        USER media
        CMD ["gunicorn", "app:app"]
        """,
    )
    assert {str(target): source.relative_to(context).as_posix() for target, source in image.files.items()} == {
        "/app/requirements.txt": "requirements.txt",
        "/app/package/a.py": "lib/a.py",
        "/app/package/inner/b.py": "lib/inner/b.py",
        "/app/renamed.txt": "one.txt",
    }
    assert image.base == "python:3.11-slim"
    assert image.workdir == PurePosixPath("/app")
    assert image.env == {"A": "1", "B": "two words"}
    assert image.runs == ["pip install -r requirements.txt"]
    assert (image.port, image.user, image.command) == (8080, "media", ("gunicorn", "app:app"))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('ENTRYPOINT ["x"]', "ENTRYPOINT is not supported"),
        ("CMD gunicorn app:app", "exec form"),
        ("CMD []", "exec form"),
        ("CMD [1]", "exec form"),
        ("COPY missing.txt .", "missing.txt does not exist"),
        ("COPY ../outside .", "outside the build context"),
        ("COPY --from=other a b", "no option but --chown"),
        ("COPY one.txt", "a source and a target"),
        ("ENV KEY value", "ENV KEY=value"),
        ("ENV PATH=$PATH:/x", "variables in values"),
        ("FROM another", "one stage only"),
        ("EXPOSE http", "invalid literal"),
    ],
)
def test_a_line_it_does_not_take_is_named(context: Path, line: str, complaint: str) -> None:
    with pytest.raises(DockerfileError) as raised:
        read(context, f'FROM python:3.11-slim\n\n{line}\nCMD ["x"]\n')
    assert f"Dockerfile:3: {line!r}" in str(raised.value)
    assert complaint in str(raised.value)


@pytest.mark.parametrize("text", ['CMD ["x"]\n', "FROM a\n"])
def test_a_base_and_a_command_are_needed(context: Path, text: str) -> None:
    with pytest.raises(DockerfileError, match="FROM and a CMD"):
        read(context, text)


@pytest.mark.parametrize("path", sorted((ROOT / "runner").glob("*/Dockerfile")), ids=lambda path: path.parent.name)
def test_it_takes_our_own_dockerfiles(path: Path) -> None:
    assert read_dockerfile(path, ROOT).files


def test_what_pip_installs_from_is_known(context: Path) -> None:
    text = "FROM a\nWORKDIR /app\nCOPY requirements.txt one.txt ./\nRUN pip install -r requirements.txt\n"
    more = "RUN pip install --no-cache-dir -r one.txt && true\nRUN apt-get install -r x\nCMD ['x']\n".replace("'", '"')
    image = read(context, text + more)
    assert [str(path) for path in image.requirements] == ["/app/requirements.txt", "/app/one.txt"]


def test_pip_cannot_install_from_a_file_that_was_not_copied(context: Path) -> None:
    with pytest.raises(DockerfileError, match=r"requirements\.txt is not in the image: COPY it first"):
        read(context, 'FROM a\nRUN pip install -r requirements.txt\nCMD ["x"]\n')


def test_what_is_ignored_is_not_copied(context: Path) -> None:
    (context / ".dockerignore").write_text("# a comment\n\n*\n!lib\nlib/inner\n**/*.txt\n!one.txt\n")
    image = read(context, 'FROM a\nCOPY lib lib\nCOPY one.txt .\nCMD ["x"]\n')
    assert sorted(map(str, image.files)) == ["/lib/a.py", "/one.txt"]
    with pytest.raises(DockerfileError, match=r"requirements\.txt does not exist in the build context, or"):
        read(context, 'FROM a\nCOPY requirements.txt .\nCMD ["x"]\n')


@pytest.mark.parametrize(
    ("pattern", "path", "out"),
    [
        ("a", "a", True),
        ("a", "a/b/c", True),
        ("a", "ab", False),
        ("a", "b/a", False),
        ("*.pyc", "x.pyc", True),
        ("*.pyc", "a/x.pyc", False),
        ("**/*.pyc", "a/b/x.pyc", True),
        ("**/*.pyc", "x.pyc", True),
        ("a/*/c", "a/b/c", True),
        ("a/*/c", "a/b/b/c", False),
        ("a/**", "a/b/c", True),
        ("a?c", "abc", True),
        ("/a/", "a/b", True),
        ("a.b", "aXb", False),
    ],
)
def test_ignored_paths_are_those_of_docker(tmp_path: Path, pattern: str, path: str, out: bool) -> None:
    (tmp_path / ".dockerignore").write_text(f"{pattern}\n")
    assert ignored(tmp_path)(path) is out
