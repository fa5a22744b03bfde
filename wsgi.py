"""For a WSGI server of your own: `gunicorn wsgi:app`. Deliver completions beside it with
`proeftuin outbox send --watch`."""

from lti_tool import create_app

app = create_app()
