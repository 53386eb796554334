"""The one exception whose text is written for the person using the program."""


class UserError(Exception):
    """Something the person can put right; its text says what is wrong, with which value, and what to do."""
