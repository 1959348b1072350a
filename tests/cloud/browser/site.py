"""The site of an organization: pages that carry the widget by the tags that everyone pastes."""

from __future__ import annotations

import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font: 17px/1.6 Georgia, serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem }}</style>
<h1>{title}</h1>
<p>Deux patins, quatre cales, et de quoi freiner tout l’hiver. En stock à l’atelier.</p>
<p><button>Ajouter au panier</button></p>
<script type="module" async src="{api}/widget/client/v1.js"></script>
<entraide-widget organization="{organization}" language="{language}"></entraide-widget>
"""


class Site:
    """Pages at 127.0.0.1, each with its address after the site's."""

    def __init__(self):
        self.pages = {}
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = served.pages.get(self.path.partition("?")[0])
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def carry(self, path, *, api, organization, language="fr", title="Patins de frein, la paire"):
        """Put up a page; its address."""
        self.pages[path] = PAGE.format(
            title=escape(title), api=api, organization=organization, language=language
        )
        return self.origin + path
