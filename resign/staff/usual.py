"""The passwords that strangers try first, as far as they are long enough to be allowed at all."""

import unicodedata

# Of the lists of leaked passwords those of 12 characters and more, and the shape that most of the others have.
_USUAL = frozenset(
    """123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678901 098765432109
    0987654321098 111111111111 1111111111111 11111111111111 111222333444 112233445566 121212121212 123123123123
    123321123321 123412341234 123456123456 123456654321 123456789123 123456789987 123456abcdef 12345678910
    1234567891011 123456789abc 123qwe123qwe 147258369147 159357159357 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc
    1qaz2wsx3edc4rfv 222222222222 666666666666 777777777777 888888888888 987654321098 987654321123 999999999999
    abc123abc123 abcabcabcabc abcd1234abcd abcdefghijkl abcdefghijklm abcdefghijklmnop administrator
    administrator1 adminadminadmin adminadmin12 admin1234567 admin12345678 admin123456789 adminpassword
    asdfasdfasdf asdfghjkl123 asdfghjkl1234 asdfghjklqwertyuiop changemeplease changemenow1 changeme1234 charlie12345
    computer1234 correcthorsebatterystaple dragondragon football1234 footballfootball hello1234567 helloworld123
    iloveyou1234 iloveyou12345 iloveyouforever iloveyousomuch letmein12345 letmein123456 liverpool1234 manchesterunited
    masterpassword michael12345 monkey123456 mypassword12 mypassword123 mypassword1234 newpassword1 newpassword12
    newpassword123 p4ssw0rd1234 passw0rd1234 password1234 password12345 password123456 password1234567
    password12345678 password123456789 passwordpassword password2024 password2025 password2026 password1password
    princess1234 q1w2e3r4t5y6 qazwsxedc123 qazwsxedcrfv qazwsxedcrfvtgb qwe123qwe123 qweasdzxc123 qweqweqweqwe
    qwerty123456 qwerty1234567 qwerty12345678 qwerty123456789 qwertyqwerty qwertyuiop12 qwertyuiop123
    qwertyuiop1234 qwertyuiopasdf qwertyuiopasdfghjkl resignresign rootrootroot secretsecret spongebob1234 starwars1234
    sunshine1234 superman1234 supersecret1 supersecret123 synerise1234 synerisesynerise temppassword temppassword1
    testtesttest test12345678 test123456789 thisisapassword trustno1trustno1 welcome12345 welcome123456 welcome1welcome1
    whatever1234 zaq12wsxcde3 zaq1zaq1zaq1 zxcvbnm12345 zxcvbnm123456 zxcvbnmasdfgh haslo1234567 haslohaslo12
    polska123456 qwerty123321 mojehaslo123""".split()
)
_REPEATED_AT_MOST = 4


def is_usual(password: str) -> bool:
    """Also a few characters again and again, and a usual one in other letters or with a sign at its end."""
    text = unicodedata.normalize("NFKC", password).casefold()
    if len(set(text)) <= _REPEATED_AT_MOST:
        return True
    return text in _USUAL or text.rstrip("!?.*#-_$") in _USUAL
