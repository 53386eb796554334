"""Server: the app around the pages.

Checks before the start, headers, limits of sockets and uploads, the HTTP interface, the health check.
May import `web.state` and the rooms below `web`; never a component, a part or a page.
"""
