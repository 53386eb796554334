"""Tools that measure the program or make files for it; nothing in `mnist` imports them."""
