"""What the staff's accounts refuse with, named here for the catalogue: they are said as they come."""

from resign.console.spoken import mark

SENTENCES = (
    mark("A name has 1 to 64 characters, without line ends, control characters or a colon."),
    mark("There is an account of this name already."),
    mark("This is the last active admin. Make somebody else an admin first."),
    mark("This account has roles in workspaces in which you are no admin."),
    mark("There is no such role."),
    mark("This account signs in through the identity provider, which keeps its password and its roles."),
    mark("Choose a password of at least 12 characters."),
    mark("Choose a password of at most 1,000 characters."),
    mark("The password must not be the account's name."),
    mark("This password is one of the first that strangers try. Choose another one."),
    mark("Type a code of the second factor that you have first."),
    mark("Begin again: there is no second factor waiting to be confirmed."),
    mark("This code is not right. Wait for the next one and type that."),
)
