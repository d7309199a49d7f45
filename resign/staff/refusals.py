"""Why something about an account was not done: each a whole sentence for whoever asked for it."""


class StaffRefusal(Exception):
    """Nothing was changed. The message is one of the sentences below, which the console can say in its own language."""


BAD_NAME = "A name has 1 to 64 characters, without line ends, control characters or a colon."
NAME_TAKEN = "There is an account of this name already."
LAST_ADMIN = "This is the last active admin. Make somebody else an admin first."
NOT_YOURS = "This account has roles in workspaces in which you are no admin."
BAD_ROLE = "There is no such role."
NOT_LOCAL = "This account signs in through the identity provider, which keeps its password and its roles."
TOO_SHORT = "Choose a password of at least 12 characters."
TOO_LONG = "Choose a password of at most 1,000 characters."
IS_THE_NAME = "The password must not be the account's name."
TOO_USUAL = "This password is one of the first that strangers try. Choose another one."
PROVE_FIRST = "Type a code of the second factor that you have first."
NOTHING_OFFERED = "Begin again: there is no second factor waiting to be confirmed."
WRONG_CODE = "This code is not right. Wait for the next one and type that."

SENTENCES = (
    BAD_NAME,
    NAME_TAKEN,
    LAST_ADMIN,
    NOT_YOURS,
    BAD_ROLE,
    NOT_LOCAL,
    TOO_SHORT,
    TOO_LONG,
    IS_THE_NAME,
    TOO_USUAL,
    PROVE_FIRST,
    NOTHING_OFFERED,
    WRONG_CODE,
)
