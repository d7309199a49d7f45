"""Requests that no good client sends, and what the server does with each: docs/server.md shows this table."""

from dataclasses import dataclass

from tests.live.wire import ONE_CLICK, chunks, post, request

_ONE_CLICK = request("POST", "PATH").removesuffix(b"\r\n")


@dataclass(frozen=True)
class Odd:
    """`PATH` in the bytes stands for a link that opens. `page` says whether the answer is a page or text of ours."""

    sent: bytes
    status: int
    page: bool = True
    recorded: bool = False


def _line(target: bytes) -> bytes:
    return request("GET", target)


ODD = {
    "absolute-form target, `POST http://elsewhere/u/…`": Odd(
        post("http://elsewhere.examplePATH"), 200, recorded=True
    ),
    "absolute-form target with https": Odd(post("https://elsewhere.examplePATH"), 200, recorded=True),
    "no `Host` header": Odd(post("PATH").replace(b"Host: optout.example\r\n", b""), 200, recorded=True),
    "`Host` that is none": Odd(
        post("PATH").replace(b"optout.example", b"a b<script>\xff"), 200, recorded=True
    ),
    "lines that end in LF alone": Odd(_line(b"PATH").replace(b"\r\n", b"\n"), 200),
    "`Content-Length` and chunked": Odd(
        post("PATH", chunks(ONE_CLICK), Transfer_Encoding="chunked", Content_Length="26"), 200, recorded=True
    ),
    "the same `Content-Length` twice": Odd(
        _ONE_CLICK + b"Content-Length: 26\r\n" * 2 + b"\r\n" + ONE_CLICK, 200, recorded=True
    ),
    "two different `Content-Length`": Odd(
        _ONE_CLICK + b"Content-Length: 26\r\nContent-Length: 5\r\n\r\n" + ONE_CLICK, 400, page=False
    ),
    "`Content-Length: +26`": Odd(post("PATH", Content_Length="+26"), 400, page=False),
    "`Content-Length: -1`": Odd(post("PATH", Content_Length="-1"), 400, page=False),
    "`Content-Length` of 14 digits": Odd(post("PATH", Content_Length="99999999999999"), 413),
    "`Transfer-Encoding: gzip, chunked`": Odd(
        post("PATH", chunks(ONE_CLICK), Transfer_Encoding="gzip, chunked"), 200, recorded=True
    ),
    "`Transfer-Encoding: identity`": Odd(post("PATH", Transfer_Encoding="identity"), 400, page=False),
    "`Content-Encoding: gzip` on a plain body": Odd(
        post("PATH", Content_Encoding="gzip"), 200, recorded=True
    ),
    "a header of 64 kB": Odd(request("GET", "PATH", X_Bomb="a" * 65_536), 200),
    "a header of 1 MB": Odd(request("GET", "PATH", X_Bomb="a" * 1_000_000), 431, page=False),
    "100 headers": Odd(request("GET", "PATH", **{f"X_{n}": "a" for n in range(99)}), 200),
    "101 headers": Odd(request("GET", "PATH", **{f"X_{n}": "a" for n in range(100)}), 431, page=False),
    "`Accept-Language` of 300 kB": Odd(request("GET", "PATH", Accept_Language="xx," * 100_000), 200),
    "a token of 8 kB": Odd(_line(b"/u/" + b"a" * 8_192), 404),
    "a token of 60 kB, posted": Odd(post(b"/u/" + b"a" * 60_000), 404),
    "a path of 100 kB": Odd(_line(b"/u/" + b"a" * 100_000), 414, page=False),
    "a query of 60 kB": Odd(post(b"PATH?c=" + b"a" * 60_000), 200, recorded=True),
    "`%2F` in the token": Odd(_line(b"/u/a%2Fb"), 404),
    "`%00` in the token": Odd(_line(b"/u/a%00b"), 404),
    "`%FF%FE` in the token": Odd(_line(b"/u/%FF%FE"), 404),
    "`%zz` in the token": Odd(_line(b"/u/%zz%"), 404),
    "UTF-8 in the token, not encoded": Odd(_line("/u/żółw".encode()), 404),
    "bytes that are no UTF-8 in the path": Odd(_line(b"/u/\xff\xfe"), 400, page=False),
    "the same, posted": Odd(post(b"/u/\xff\xfe"), 400, page=False),
    "bytes that are no UTF-8 in the query": Odd(post(b"PATH?c=\xff\xfe"), 400, page=False),
    "`%FF%FE` in the query": Odd(post(b"PATH?c=%FF%FE"), 200, recorded=True),
    "bytes that are no UTF-8 in `Accept-Language`": Odd(
        request("GET", "PATH", Accept_Language=b"\xff\xfe"), 200
    ),
    "the same, posted with a page's form": Odd(
        post("PATH", b"page=x&l=y", Accept_Language=b"\xff\xfe"), 200, recorded=True
    ),
    "bytes that are no UTF-8 in `Content-Type`": Odd(
        post("PATH", b"hello", Content_Type=b"\xff\xfe"), 200, recorded=True
    ),
    "the same with the one-click body": Odd(post("PATH", Content_Type=b"\xff\xfe"), 200, recorded=True),
    "a NUL in a header": Odd(request("GET", "PATH", X_Nul=b"a\0b"), 400, page=False),
    "a folded header": Odd(request("GET", "PATH", X_Folded=b"a\r\n b"), 400, page=False),
    "a space before a header's colon": Odd(
        _line(b"PATH").replace(b"Host:", b"Host :"), 400, page=False
    ),
    "a method that is none: `BREW`": Odd(request("BREW", "PATH"), 405),
    "`TRACE`": Odd(request("TRACE", "PATH"), 405),
    "`CONNECT elsewhere:443`": Odd(request("CONNECT", "elsewhere.example:443"), 404),
    "`OPTIONS *`": Odd(request("OPTIONS", "*"), 404),
    "no HTTP at all": Odd(b"NONSENSE\r\n\r\n", 400, page=False),
    "a TLS greeting": Odd(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(99), 400, page=False),
}  # fmt: skip
