"""Server: the app around the pages.

Checks before the start, headers, limits of sockets and uploads, the HTTP interface, the guess while the pen moves,
the health check. Nothing in the pages may import it. Of them it imports only parts that need no Streamlit: it is there
before Streamlit runs.
"""
