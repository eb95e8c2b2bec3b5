"""``/api/errors``: the error table for people, and the same as JSON for programs. Pure."""

from html import escape

import msgspec

from realtime.kernel.errors import every_error
from web.errors import view


def table() -> list[dict[str, object]]:
    """Every error this program can answer with, by number."""
    return [
        {**msgspec.to_builtins(view(error())), "status": error.status} for error in every_error()
    ]


def page() -> str:
    rows = "\n".join(
        f'<tr id="{escape(str(it["name"]))}"><td>{it["code"]}</td><td><code>'
        f"{escape(str(it['name']))}</code></td><td>{it['status']}</td>"
        f"<td>{'yes' if it['temporary'] else 'no'}</td><td>{escape(str(it['message']))}</td></tr>"
        for it in table()
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Errors</title></head><body>'
        "<h1>Errors</h1><p>The number and the name never change; the sentence may. "
        "Temporary: the same request may succeed in a moment. "
        'As JSON: <a href="/api/errors.json">/api/errors.json</a>.</p>'
        "<table><thead><tr><th>Number</th><th>Name</th><th>HTTP</th><th>Temporary</th>"
        f"<th>Sentence</th></tr></thead><tbody>\n{rows}\n</tbody></table></body></html>\n"
    )
