"""Tools: what only measures the program, or makes files for it; nothing in `mnist` imports from here."""
