"""Parts: what several pages share.

The frame of a page, the way from a drawing to its reading, the panels that show it, ready drawings, charts, wording.
May import components, state and the server; never a page.
"""
