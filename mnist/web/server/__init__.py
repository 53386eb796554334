"""Server: the ASGI app around the pages.

Start-up checks, headers, limits of sockets and uploads, the HTTP interface, the health check.
May import state; never a component, a part or a page.
"""
