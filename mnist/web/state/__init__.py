"""State: what a visitor or the server holds, without a look.

The session's values, the pad, the scorebook, photos, the reader, the training queue, whose turn it is.
May import every room outside the web; nothing of the web but `pictures` and `palette`.
"""
