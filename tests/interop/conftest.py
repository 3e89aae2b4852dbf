"""What every interop test needs: the built program, the data folder, and an honest count.

A missing judge, program or data folder is a skip that is shown. With CI=true it is a failure, and
so is a full run that compared less than FLOOR things or skipped a test.

Test files are spread over processes (pytest-xdist); each tells the first what it compared.
"""

import os
import pathlib
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

IN_CI = os.environ.get("CI") == "true"
FLOOR = 10_000  # comparisons a full run makes at least, with or without the data folder

try:
    import compare
    import ours
    import judge  # noqa: F401  (is the judge installed?)
    MISSING_JUDGE = None
except ImportError as error:
    MISSING_JUDGE = f"no judge ({error}); scripts/interop.sh installs it"
    collect_ignore_glob = ["test_*.py"]

_NO_DATA = "no test data at"
_skipped = 0
_without_data = 0


def _absent(what):
    if IN_CI:
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session", autouse=True)
def program():
    """The path of the built program."""
    path = ours.binary()
    if path is None:
        _absent("litesmith is not built (LITESMITH_BIN, or build/release/cli/litesmith)")
    return path


@pytest.fixture(scope="session")
def data():
    """The folder of public models and data sets that tests use where it is present."""
    named = os.environ.get("LITESMITH_TEST_DATA")
    path = pathlib.Path(named) if named else ours.ROOT.parent / "shared/data"
    if not path.is_dir():
        # Not part of a checkout, so its absence is no failure even in CI; it is counted apart.
        pytest.skip(f"{_NO_DATA} {path} (LITESMITH_TEST_DATA)")
    return path


def pytest_runtest_logreport(report):
    global _skipped, _without_data
    if report.skipped and _NO_DATA in str(report.longrepr):
        _without_data += 1
    elif report.skipped:
        _skipped += 1


def _too_little(config):
    """Why a full run in CI is not good enough, or None."""
    if not IN_CI or config.option.keyword or config.option.file_or_dir:
        return None
    if MISSING_JUDGE:
        return MISSING_JUDGE
    if compare.made < FLOOR:
        return f"a full run compares at least {FLOOR}"
    return f"{_skipped} tests were skipped in CI" if _skipped else None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Of a process that ended: its comparisons count here. One that crashed told nothing."""
    if not MISSING_JUDGE:
        compare.made += getattr(node, "workeroutput", {}).get("compared", 0)


def pytest_sessionfinish(session, exitstatus):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["compared"] = 0 if MISSING_JUDGE else compare.made
    elif _too_little(session.config):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter, config):
    if MISSING_JUDGE:
        terminalreporter.write_line(f"SKIPPED ALL: {MISSING_JUDGE}")
        return
    line = f"{compare.made} compared, {_skipped} skipped"
    if _without_data:
        line += f"; {_without_data} tests need the data folder, which is absent"
    if _too_little(config):
        line += f"; FAILED: {_too_little(config)}"
    terminalreporter.write_line(line)
