"""Nothing in the repository that belongs to one machine, one person or nobody but its owner."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import texts

#: Hosts that the project may name: its subject's, its users' examples, format names, the loopback.
_HOSTS = re.compile(
    r"(?:[\w-]+\.)*(?:gov\.vn|zalo\.me|zaloapp\.com|zdn\.vn|example\.(?:vn|com|org|net)|example|test|invalid)|e\.vn|local|localhost|127\.0\.0\.1|10\.0\.0\.\d+"
    r"|192\.168\.\d+\.\d+|0\.0\.0\.0|www\.w3\.org|www\.apache\.org|schemas\.[\w.-]+|api\.telegram\.org"
    r"|telegram\.org|t\.me|zalo\.me|rasa\.com|openapi\.[\w.-]+|json-schema\.org"
)
_URL = re.compile(r"https?://([A-Za-z0-9][A-Za-z0-9._-]*)")
_MACHINE = re.compile(r"(?<![\w.$}])/(?:work|root|tmp|Users|home/(?!motcua\b)\w+)/\w")
_SECRETS = re.compile(
    r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"  # a Telegram token
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bsk-[A-Za-z0-9]{32,}\b|(?i:\bpassword\s*=\s*[\"'][^\"'{}<$]{8,}[\"'])"
)
#: Where an invented secret stands so that its shape can be tested.
_MAY_SHAPE_SECRETS = ("tests/",)


def foreign_hosts(text: str) -> list[str]:
    return [host for host in _URL.findall(text) if not _HOSTS.fullmatch(host.rstrip("."))]


def test_no_host_but_the_subjects_own_and_examples() -> None:
    assert {str(path): hosts for path, text in texts() if (hosts := foreign_hosts(text))} == {}


def test_no_path_of_a_machine() -> None:
    found = {
        str(path): [text[one.start() : one.start() + 40].splitlines()[0] for one in _MACHINE.finditer(text)]
        for path, text in texts()
    }
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_no_secret() -> None:
    found = [
        str(path)
        for path, text in texts()
        if not str(path).startswith(_MAY_SHAPE_SECRETS) and _SECRETS.search(text)
    ]
    assert found == []


def test_no_file_that_must_stay_at_home() -> None:
    wrong = re.compile(r"(^|/)(\.env|secret\.key|id_rsa|[^/]+\.(sqlite3(-wal|-shm)?|pem|log|tar\.gz|pyc))$")
    assert [str(path) for path, _ in texts() if wrong.search(str(path))] == []


def test_compiled_requirements_name_no_index() -> None:
    wrong = [
        str(path)
        for path, text in texts()
        if path.parts[0] == "requirements" and re.search(r"index-url|find-links|trusted-host|https?://", text)
    ]
    assert wrong == []


def test_requirements_of_each_environment_are_pinned_by_hash() -> None:
    compiled = {path.name: text for path, text in texts() if path.match("requirements/*.txt")}
    del compiled["nlu-overrides.txt"]  # what the resolver is told, not what is installed
    assert {"app.txt", "dev.txt", "nlu.txt", "tools.txt"} <= set(compiled)
    for name, text in compiled.items():
        pins = re.findall(r"^[A-Za-z0-9][\w.\[\]-]*==\S+ \\$", text, re.MULTILINE)
        assert pins, name
        assert len(pins) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)), name


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("https://dichvucong.gov.vn/x", []),
        ("http://127.0.0.1:8080/", []),
        ("https://" + "gov.vn.evil.io/", ["gov.vn.evil.io"]),
        ("see https://" + "somewhere.io/simple/", ["somewhere.io"]),
    ],
)
def test_foreign_hosts_are_seen(text: str, foreign: list[str]) -> None:
    assert foreign_hosts(text) == foreign


def test_machine_paths_and_secrets_are_seen() -> None:
    assert _MACHINE.search("open('/" + "tmp/x')")
    assert _MACHINE.search("cd /" + "root/app")
    assert not _MACHINE.search("/home/motcua/app $HOME/tmp/x ./tmp/x /var/lib/motcua")
    assert _SECRETS.search("12345678:AA" + "b" * 33)
    assert _SECRETS.search("password = '" + "hunter2hunter2" + "'")
