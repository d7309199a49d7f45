"""`resign doctor mail.eml`: both headers, the signature over them, and the link that people see."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resign.doctor.mail import examine_mail
from resign.profile import Profile
from resign.settings import load
from tests.doctor.conftest import advice, ill, of, said
from tests.support.decisions import ANNA
from tests.support.variables import VARIABLES

SETTINGS = load({**VARIABLES, "RESIGN_BASE_URL": "https://optout.example.com"})
BOTH = "from:to:subject:list-unsubscribe:list-unsubscribe-post"
MISSING = "DKIM signs both headers (RFC 8058 §4): it does not"


def dkim(signed=BOTH, domain="example.com", more="") -> str:
    return f"v=1; a=rsa-sha256; d={domain}; s=s1;{more} h={signed}; bh=eA==; b=eA=="


@pytest.fixture
def mail(link):
    """A good mail, or what becomes of it with other headers and bodies."""

    def of_parts(
        *, header=None, html=None, plain=None, signatures=None, post=("List-Unsubscribe=One-Click",)
    ):
        url = link()
        lines = ["From: Shop <hello@example.com>", "To: anna@example.com"]
        lines += [f"List-Unsubscribe: {value}" for value in ([f"<{url}>"] if header is None else header)]
        lines += [f"List-Unsubscribe-Post: {value}" for value in post]
        lines += [
            f"DKIM-Signature: {value}" for value in (signatures if signatures is not None else [dkim()])
        ]
        lines += ['Content-Type: multipart/alternative; boundary="b"', "MIME-Version: 1.0", ""]
        for kind, text in (("plain", plain), ("html", html)):
            shown = f'<a href="{url}?c=a&amp;l=de">out</a>' if kind == "html" else f"Out: {url}\r\n"
            lines += ["--b", f"Content-Type: text/{kind}; charset=utf-8", "", shown if text is None else text]
        return "\r\n".join([*lines, "--b--", ""]).encode()

    return of_parts


def test_a_good_mail_is_well_and_gmail_and_yahoo_would_post(public, mail):
    found = list(examine_mail(public, mail()))
    assert not [*ill(found), *of("mind", found)]
    assert "Gmail and Yahoo would show their Unsubscribe" in said(found)
    assert "all links of this mail are for the same person" in of("well", found)
    assert ANNA.value not in said(found)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"header": []}, "List-Unsubscribe is missing"),
        ({"header": ["https://optout.example.com/u/x"]}, "List-Unsubscribe has no address in angle brackets"),
        ({"header": ["<mailto:out@example.com>"]}, "List-Unsubscribe names no https address"),
        ({"header": ["<http://optout.example.com/u/x>"]}, "List-Unsubscribe names no https address"),
        ({"header": ["<https://a.example/>, <https://b.example/>"]}, "List-Unsubscribe names 2 web addresses"),
        ({"header": ["<https://a.example/>"] * 2}, "List-Unsubscribe is there 2 times"),
        ({"header": ["=?utf-8?q?=3Chttps=3A//a=2Eexample=3E?="]}, "List-Unsubscribe was encoded like a subject line (=?…?=)"),
        ({"header": ["<https://optout.example.com/u/{{ customer.resign_token }}>"]}, "in List-Unsubscribe: an insert was printed and not filled in"),
        ({"header": ["<https://optout.example.com/u/>"]}, "in List-Unsubscribe: the link has no token: it leads to the form for lost links, and the mail app's button does nothing"),
        ({"post": []}, "List-Unsubscribe-Post is missing"),
        ({"post": ["List-Unsubscribe=one-click"]}, "List-Unsubscribe-Post is not exactly what RFC 8058 says"),
        ({"post": ["List-Unsubscribe = One-Click"]}, "List-Unsubscribe-Post is not exactly what RFC 8058 says"),
        ({"post": ["List-Unsubscribe=One-Click"] * 2}, "List-Unsubscribe-Post is not exactly what RFC 8058 says"),
    ],
)  # fmt: skip
def test_a_header_that_is_not_as_it_must_be_is_ill_and_the_button_is_gone(public, mail, changed, what):
    found = list(examine_mail(public, mail(**changed)))
    assert what in ill(found)
    if not what.startswith("in "):
        assert "Gmail and Yahoo would show no button that works for this mail" in of("mind", found)


def test_a_folded_header_is_one_address(public, mail, link):
    folded = link()[:60] + "\r\n " + link()[60:]
    found = list(examine_mail(public, mail(header=[f"\r\n <{folded}>"])))
    assert not ill(found)


def test_a_mailbox_beside_the_link_and_a_link_of_synerise_deserve_a_thought(public, mail, link):
    minds = of("mind", examine_mail(public, mail(header=[f"<{link()}>, <mailto:out@example.com>"])))
    assert minds == ["List-Unsubscribe names a mailbox too"]
    found = list(examine_mail(public, mail(header=["<https://unsubscribe.synerise.example/x>"])))
    assert "List-Unsubscribe leads to unsubscribe.synerise.example" in of("mind", found)


@pytest.mark.parametrize(
    "signatures",
    [
        (dkim("From : List-UNSUBSCRIBE\r\n : List-Unsubscribe-Post"),),
        (dkim("from:to", "relay.example"), dkim()),
        (dkim(BOTH + ":list-unsubscribe:list-unsubscribe-post"),),
        (dkim().replace(" h=", "\r\n\th=\r\n\t"),),
        (dkim(domain="mail.example.com"),),
        ("not a signature", dkim()),
    ],
)
def test_a_signature_covers_both_in_any_case_fold_order_and_company(public, mail, signatures):
    found = list(examine_mail(public, mail(signatures=signatures)))
    assert not [*ill(found), *of("mind", found)]


@pytest.mark.parametrize(
    ("signatures", "what"),
    [
        ((), "no DKIM signature"),
        (("v=1; d=example.com; d=evil.example; h=" + BOTH + "; bh=x; b=x",), "no DKIM signature"),
        (("h=" + BOTH,), "no DKIM signature"),
        ((dkim("from:to:list-unsubscribe"),), MISSING),
        ((dkim("from:list-unsubscribe"), dkim("from:list-unsubscribe-post")), MISSING),
        ((dkim("from:x-list-unsubscribe:list-unsubscribe-post"),), MISSING),
    ],
)
def test_a_signature_that_leaves_one_out_is_ill(public, mail, signatures, what):
    found = list(examine_mail(public, mail(signatures=signatures)))
    assert ill(found) == [what]


def test_a_second_header_that_nobody_signed_is_not_covered(public, mail, link):
    found = list(examine_mail(public, mail(header=["<https://evil.example/>", f"<{link()}>"])))
    assert MISSING in ill(found)


def test_a_signature_of_another_house_or_of_half_a_body_deserves_a_thought(public, mail):
    assert of("mind", examine_mail(public, mail(signatures=(dkim(domain="relay.test"),)))) == [
        "the signature over them is of another domain than the sender's"
    ]
    assert of("mind", examine_mail(public, mail(signatures=(dkim(more=" l=20;"),)))) == [
        "the signature covers a part of the body only (l=)"
    ]


def test_the_domain_of_a_hostile_signature_is_no_command_to_the_terminal(public, mail):
    found = list(examine_mail(public, mail(signatures=(dkim(domain="\x1b[2Jx" + "y" * 3_000),))))
    assert all(line.isprintable() and len(line) < 1_000 for line in said(found).splitlines())


@pytest.mark.parametrize(
    ("html", "plain", "what"),
    [
        ("no link", "no link", "no link of ours in the body"),
        ('<a href="{url}" style="display: none">out</a>', "", "the link in the body cannot be seen"),
        ('<a href="{url}"></a>', "", "the link in the body cannot be seen"),
        ('<a href="https://optout.example.com/u/">out</a>', "", "in the body: the link has no token: it leads to the form for lost links, and the mail app's button does nothing"),
        ('<a href="{cut}=">out</a>', "", "a link was cut or changed by quoted-printable"),
        ('<a href="{url}?c=3Dspring">out</a>', "", "a link was cut or changed by quoted-printable"),
        ('<a href="{url}">out</a>', "Out: {cut}\r\n{rest}\r\n", "a link in the plain text is broken over two lines"),
        ('<a href="{other}">out</a>', "", "the links of this mail are not for one and the same person and agreement"),
    ],
)  # fmt: skip
def test_a_link_in_the_body_that_does_not_work_is_ill(public, mail, link, html, plain, what):
    url, other = link(), link(Profile("email", "boris@example.com"))
    words = {"{url}": url, "{cut}": url[:60], "{rest}": url[60:], "{other}": other}
    for name, value in words.items():
        html, plain = html.replace(name, value), plain.replace(name, value)
    assert what in ill(examine_mail(public, mail(html=html, plain=plain)))


def test_quoted_printable_that_says_so_is_whole(public, link):
    message = EmailMessage(policy=SMTP)
    message["From"] = "hello@example.com"
    message["List-Unsubscribe"] = f"<{link()}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["DKIM-Signature"] = dkim()
    message.set_content(f"Out: {link()}?c=spring\n", cte="quoted-printable")
    message.add_alternative(
        f'<a href="{link()}?c=a&amp;l=de">out</a>', subtype="html", cte="quoted-printable"
    )
    raw = message.as_bytes(policy=SMTP.clone(max_line_length=None))
    assert b"=3D" in raw
    assert not ill(examine_mail(public, raw))


def test_what_was_escaped_twice_is_named(public, mail, link):
    for changed in (
        {"html": f'<a href="{link()}?c=a&amp;amp;l=de">out</a>'},
        {"plain": f"{link()}?c=a&amp;l=de\r\n"},
    ):
        found = list(examine_mail(public, mail(**changed)))
        assert "a link has &amp; in it once it is read" in of("mind", found)


def test_a_tracked_link_is_unwrapped_or_at_least_named(public, mail, link):
    wrapped = f'<a href="https://link.snrs.it/?u={link().replace(":", "%3A").replace("/", "%2F")}">out</a>'
    found = list(examine_mail(public, mail(html=wrapped)))
    assert "in the body: it was wrapped: people are led through link.snrs.it first" in of("mind", found)
    shop = f'<a href="{link()}">out</a> <a href="https://link.azu.snrs.it/aB3">shop</a>'
    assert of("mind", examine_mail(public, mail(html=shop))) == [
        "1 link(s) in the body lead through Synerise's click tracking"
    ]


def test_a_picture_s_words_are_words_and_a_text_without_a_link_is_said(public, mail, link):
    found = list(
        examine_mail(public, mail(html=f'<a href="{link()}"><img alt="Unsubscribe"></a>', plain="none"))
    )
    assert not ill(found)
    assert of("mind", found) == ["the plain text has no link"]


def test_the_remedy_for_a_missing_header_speaks_of_test_mails(public, mail):
    assert "test mails" in advice(examine_mail(public, mail(header=[])))["List-Unsubscribe is missing"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"Content-Type: text/html; charset=no-such\r\n\r\n<a href='x'>",
        b"Content-Type: text/html; charset*=us-ascii''%00%FF\r\n\r\n<![x",
        b"From: x\r\n\r\n",
        b"List-Unsubscribe: " + b"<" * 100_000,
        b"DKIM-Signature: " + b"h=a:" * 50_000,
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\r\n\xff",
        b"".join(
            f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n'.encode() for n in range(3_000)
        ),
        b"Content-Type: text/html\r\n\r\n" + b"<a href='https://optout.example.com/u/a.b.c'>" * 40_000,
        b"Content-Type: text/plain\r\n\r\n" + b"https://optout.example.com/u/a.b.c\r\n" * 40_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<a href=" * 50_000,
    ],
)  # fmt: skip
def test_a_mail_of_any_shape_is_read_to_its_end(public, raw):
    found = list(examine_mail(public, raw))
    assert len(found) < 60
    assert all((finding.what + finding.remedy).isprintable() for finding in found)


_NAMES = st.sampled_from(["List-Unsubscribe", "List-Unsubscribe-Post", "DKIM-Signature", "From", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"])  # fmt: skip
_VALUES = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([b"<https://optout.example.com/u/>", b"text/html; charset=x", b"multipart/mixed; boundary=b", b"quoted-printable", b"base64", b"a=1; h=;;=:; d"]),
)  # fmt: skip
_HOSTILE = st.builds(
    lambda fields, body: b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" + body,
    st.lists(st.tuples(_NAMES, _VALUES), max_size=8),
    st.one_of(st.binary(), st.text().map(lambda text: f"--b\r\n\r\n<a href='https://optout.example.com/u/{text}'>".encode())),
)  # fmt: skip


@given(st.one_of(st.binary(), _HOSTILE))
@settings(deadline=None)
def test_a_hostile_mail_is_answered_whatever_it_is(raw):
    for finding in examine_mail(SETTINGS, raw):
        assert (finding.what + finding.remedy).isprintable()


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7\nstream\n", b"Dear Anna,\nhere is: our offer\n", b"\n\n"])
def test_a_file_without_a_header_line_is_no_mail_and_nothing_else_is_said_of_it(public, raw):
    [finding] = examine_mail(public, raw)
    assert finding.verdict == "ill"
    assert finding.what == "this is no mail: it begins with no header line"


@pytest.mark.parametrize(
    ("header", "is_named"),
    [("<http://optout.example.com/u/x>", True), ("<http://optout.example.com.evil.example/u/x>", False)],
)
def test_an_http_address_that_the_settings_made_names_the_setting(at, mail, header, is_named):
    settings = at(RESIGN_BASE_URL="http://optout.example.com")
    remedy = advice(examine_mail(settings, mail(header=[header])))["List-Unsubscribe names no https address"]
    assert ("RESIGN_BASE_URL" in remedy) is is_named
