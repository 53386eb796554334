"""Web: the pages, made with Streamlit, and the server around them.

From high to low: server, pages, parts, components, state, then the modules beside these folders.
Each may import those below it and all other rooms; nothing outside this room imports Streamlit.
"""
