"""A table as HTML that scrolls sideways on a phone, also by keyboard."""

from collections.abc import Iterable
from html import escape


def table_html(head: Iterable[str], rows: Iterable[list[str]], label: str) -> str:
    """Return the table; the first cell of each row is its head, `label` says what it shows."""
    columns = "".join(f"<th scope='col'>{title}</th>" for title in head)
    body = ""
    for first, *cells in rows:
        body += f"<tr><th scope='row'>{first}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    scrolled = f"class='table' tabindex='0' role='region' aria-label='{escape(label, quote=True)}'"
    return f"<div {scrolled}><table><thead><tr><td></td>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
