"""A WSGI application, as gunicorn runs it."""


def app(environ, start_response):
    status, body = {
        "/": ("200 OK", b"Hello\n"),
        "/health": ("200 OK", b"ok\n"),
    }.get(environ["PATH_INFO"], ("404 Not Found", b"not found\n"))
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
