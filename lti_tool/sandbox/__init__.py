"""A small, strict LTI 1.3 platform to show and test a tool against.

Three profiles in one server: `strict` takes the specifications at their word, `moodle` and `canvas`
have the habits that were measured on or read in those platforms. It signs and verifies with
`joserfc` and shares no code with the rest of `lti_tool`, so that one mistake cannot hide in both.
"""

from lti_tool.sandbox.app import create_sandbox
from lti_tool.sandbox.profiles import Registration, registrations
from lti_tool.sandbox.server import SandboxServer
from lti_tool.sandbox.world.settings import SandboxSettings

__all__ = [
    "Registration",
    "SandboxServer",
    "SandboxSettings",
    "create_sandbox",
    "registrations",
]
