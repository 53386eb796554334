"""Web: the pages, made with Streamlit, and the server around them.

From high to low: pages, parts, components, server, state, then the modules `pictures` and `palette`.
Each may import those below it and all other rooms; nothing outside this room imports Streamlit.
"""
