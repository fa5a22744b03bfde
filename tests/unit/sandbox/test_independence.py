"""The sandbox shares no code with the tool, or one mistake could hide in both."""

import ast
from pathlib import Path

import pytest

import lti_tool.sandbox

ROOT = Path(lti_tool.sandbox.__file__).parent
MODULES = sorted(ROOT.glob("*.py"))
NOT_OURS = {"jwt", "jwcrypto", "pylti1p3"}


def imported(path: Path) -> set[str]:
    """Every module that a file imports, by its full name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_imports_nothing_of_the_tool_and_none_of_its_jwt_libraries(path: Path) -> None:
    for name in imported(path):
        if name.split(".")[0] == "lti_tool":
            assert name.startswith("lti_tool.sandbox")
        assert name.split(".")[0] not in NOT_OURS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_module_asks_which_profile_it_serves() -> None:
    """What differs stands in the tables; `name ==` in the flow would be a second table."""
    for path in MODULES:
        if path.name not in ("profiles.py", "refusals.py"):
            text = path.read_text(encoding="utf-8")
            assert "habits.name ==" not in text
            assert "lms.name ==" not in text
