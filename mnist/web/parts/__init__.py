"""Parts: what several pages share.

The frame of a page, the way from a drawing to its reading, panels and sentences that show it, ready drawings, charts.
May import components and state; never a page or the server.
"""
