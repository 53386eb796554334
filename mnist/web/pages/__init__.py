"""Pages: one function a page, given to `st.Page` by `streamlit_pages.py`.

A page with several panels keeps them beside it: `report_parts`, `inside_parts`.
May import everything else in `web`; nothing imports a page but the list of pages.
"""
