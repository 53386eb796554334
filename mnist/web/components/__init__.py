"""Components: widgets of our own, each a Python file with its script and style sheet of the same name beside it.

The canvas, the matrix, tiles, pictures with boxes; and scripts that cannot be seen: announcements for screen readers,
the guess that follows the pen, what a tab keeps, the helper of the photographs’ page.
May import state, pictures and palette; never a part or a page.
"""
