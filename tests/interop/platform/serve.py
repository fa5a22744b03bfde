"""Run the Open edX LTI views as a platform of their own, until the process is stopped.

Usage: `python serve.py --database FILE`. Prints one line of JSON when ready:
`{"address": "http://localhost:49152", "lti_consumer": "11.4.4"}`.

The address says `localhost` while the tool under test runs on `127.0.0.1`: two hosts, so that
the two keep separate cookies (a browser does not tell ports apart).
"""

import argparse
import json
import os

import django
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


def main() -> None:
    """Bind a free port, create the database, then serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    arguments = parser.parse_args()

    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    address = f"http://localhost:{server.server_port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    os.environ["INTEROP_ADDRESS"] = address
    os.environ["INTEROP_DATABASE"] = arguments.database

    django.setup()
    import edx  # needs the models, so only after setup()
    import lti_consumer

    edx.install()
    call_command("migrate", verbosity=0)
    server.set_app(get_wsgi_application())
    ready = {"address": address, "lti_consumer": lti_consumer.__version__}
    print(json.dumps(ready), flush=True)  # noqa: T201 - the line that the tests wait for
    server.serve_forever()


if __name__ == "__main__":
    main()
