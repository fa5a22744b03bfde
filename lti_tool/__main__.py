"""`python -m lti_tool` is the console command `proeftuin`."""

from lti_tool.cli import main

main(prog_name="proeftuin")
