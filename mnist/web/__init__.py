"""The pages, one file each, and the few parts they share. Only here is Streamlit imported."""
