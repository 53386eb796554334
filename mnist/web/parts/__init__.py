"""Parts: what several pages show.

The frame of a page, the reading and number panel, ready drawings, the way to join.
May import components, state and the server; never a page.
"""
