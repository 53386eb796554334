"""Exceptions whose text is written for the person who uses the program."""


class UserError(Exception):
    """A fault that the person can correct; its text says what is wrong, with which value, and what to do."""


class CannotWriteError(UserError):
    """A file cannot be written: the disk is full, or the folder is gone or not ours."""


class TooLargeError(UserError):
    """A source has more bytes or pixels than are read."""


class UnknownKindError(UserError):
    """A file is neither a picture of a known format nor a saved drawing."""
