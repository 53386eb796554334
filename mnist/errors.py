"""The exceptions whose text is written for the person using the program."""


class UserError(Exception):
    """Something the person can put right; its text says what is wrong, with which value, and what to do."""


class CannotWriteError(UserError):
    """A file that cannot be written, where it was to be: the disk is full, the folder gone or not ours."""


class TooLargeError(UserError):
    """More bytes or pixels than are read."""


class UnknownKindError(UserError):
    """Neither a picture of a known format nor a saved drawing."""
