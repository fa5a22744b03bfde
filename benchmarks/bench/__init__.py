"""What the benchmarks share: processor time, a driver, servers to compare, tables."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
"""The clone."""

sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "functional")]
