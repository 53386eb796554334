"""Components: widgets of our own, each a Python file with its script and style sheet of the same name beside it.

The canvas, the matrix, tiles, the announcement for screen readers, the helper of the photographs’ page.
May import state, pictures and palette; never a part or a page.
"""
