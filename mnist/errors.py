"""The exceptions whose text is written for the person using the program."""


class UserError(Exception):
    """Something the person can put right; its text says what is wrong, with which value, and what to do."""


class TooLargeError(UserError):
    """More bytes or pixels than are read."""


class UnknownKindError(UserError):
    """Neither a picture of a known format nor a saved drawing."""
