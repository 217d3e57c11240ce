"""The signatures of webhooks, compared with those of Twilio's own library."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the library has no types

from app.notifiers.twilio.signature import FORM, Pairs, is_signed, sign, signed_url

URL = "https://agency.example/fanout/webhooks/twilio/sms?message=1&shift=s%2F1"
TOKEN = "12345"
PAIRS = [("MessageSid", "SM1"), ("Body", ""), ("From", "+15555550101"), ("Body", "Yes & gern \u00e9\U0001f44d")]
BODY = urlencode(PAIRS).encode()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
pairs_of_a_form = st.lists(st.tuples(texts, texts), max_size=8)
tokens = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=32)


@st.composite
def urls(draw: st.DrawFn) -> str:
    """A public URL with or without a port, a prefix, a percent-encoded path and a query."""
    host = draw(st.sampled_from(["agency.example", "localhost", "10.1.2.3"]))
    port = draw(st.sampled_from(["", ":80", ":443", ":8443"]))
    path = "".join("/" + quote(draw(texts), safe="") for _ in range(draw(st.integers(0, 3))))
    query = urlencode(draw(pairs_of_a_form))
    return signed_url(draw(st.sampled_from(["https://", "http://"])) + host + port, path or "/", query)


class MultiDict(Mapping[str, str]):
    """Form fields as web frameworks give them to Twilio's library."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> str:
        return self.getall(name)[0]

    def getall(self, name: str) -> list[str]:
        """Every value of that field."""
        return [value for field, value in self._pairs if field == name]

    def __iter__(self) -> Iterator[str]:
        return iter({name for name, _ in self._pairs})

    def __len__(self) -> int:
        return len({name for name, _ in self._pairs})


def accepts(
    signature: str | None,
    *,
    tokens: tuple[str, ...] = (TOKEN,),
    url: str = URL,
    content_type: str | None = FORM,
    body: bytes = BODY,
) -> bool:
    """Whether the request counts as signed."""
    return is_signed(signature, tokens=tokens, url=url, content_type=content_type, body=body)


def test_the_example_of_the_documentation() -> None:
    """The example on Twilio's page about validating requests."""
    pairs = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]
    assert sign("12345", "https://example.com/myapp.php?foo=1&bar=2", pairs) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@given(token=tokens, url=urls(), pairs=pairs_of_a_form)
def test_what_twilio_signs_is_accepted(token: str, url: str, pairs: Pairs) -> None:
    """Whatever the URL and the fields are: repeated, empty, in any characters."""
    signature = RequestValidator(token).compute_signature(url, MultiDict(pairs))
    assert accepts(signature, tokens=(token,), url=url, body=urlencode(pairs).encode())


@given(token=tokens, url=urls(), pairs=pairs_of_a_form)
def test_what_we_sign_is_accepted_by_the_library(token: str, url: str, pairs: Pairs) -> None:
    """Unless a field is repeated with the same value: the library drops the repeat and we keep it."""
    assume(len(set(pairs)) == len(pairs))
    assert RequestValidator(token).validate(url, MultiDict(pairs), sign(token, url, pairs))


@given(token=tokens, url=urls(), pairs=pairs_of_a_form)
def test_each_spelling_that_the_library_accepts_is_accepted(token: str, url: str, pairs: Pairs) -> None:
    """Twilio signs the URL with or without its port."""
    host = url.split("/")[2]
    bare = url.replace(host, host.partition(":")[0], 1)
    default = url.replace(host, host if ":" in host else host + (":443" if url.startswith("https") else ":80"), 1)
    for spelling in (bare, default):
        signature = RequestValidator(token).compute_signature(spelling, MultiDict(pairs))
        assert RequestValidator(token).validate(url, MultiDict(pairs), signature)
        assert accepts(signature, tokens=(token,), url=url, body=urlencode(pairs).encode())


@given(pairs=pairs_of_a_form, changed=pairs_of_a_form)
def test_other_fields_are_refused(pairs: Pairs, changed: Pairs) -> None:
    """A signature is worth nothing for a request with other fields."""
    ours = "".join(sorted({name + value for name, value in pairs}))
    theirs = "".join(sorted({name + value for name, value in changed}))
    assume(ours != theirs)
    assert not accepts(sign(TOKEN, URL, pairs), body=urlencode(changed).encode())


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (URL + "&x=", BODY),
        (URL.replace("%2F", "/"), BODY),
        (URL.replace("%2F", "%2f"), BODY),
        (URL.replace("https", "http"), BODY),
        (URL.replace("agency", "other"), BODY),
        (URL.partition("?")[0], BODY),
        (URL, BODY + b"&Extra="),
        (URL, BODY.replace(b"Body=&", b"")),
        (URL, BODY + b"&%FF=1"),
        (URL, BODY + b"\xff"),
        (URL, b""),
    ],
)
def test_a_changed_request_is_refused(url: str, body: bytes) -> None:
    """Every part of the URL, every field and every field without a value counts."""
    signature = sign(TOKEN, URL, PAIRS)
    assert accepts(signature)
    assert not accepts(signature, url=url, body=body)


@pytest.mark.parametrize(
    "signature", [None, "", "=", "\u00e9", "\udcff", sign(TOKEN, URL, PAIRS) + "=", sign(TOKEN, URL, PAIRS).lower()]
)
def test_a_missing_or_wrong_signature_is_refused(signature: str | None) -> None:
    """Whatever the header contains."""
    assert not accepts(signature)


def test_any_of_several_tokens_may_sign() -> None:
    """While a token is being replaced, the old and the new one are valid. Without tokens nothing is."""
    for token in ("old", "new"):
        assert accepts(sign(token, URL, PAIRS), tokens=("new", "old"))
    assert not accepts(sign("other", URL, PAIRS), tokens=("new", "old"))
    assert not accepts(sign("", URL, PAIRS), tokens=())


def test_a_repeated_field_may_be_signed_once_or_twice() -> None:
    """Twilio's Python library drops a repeat of the same value; others keep it."""
    twice = [("MediaUrl", "a"), ("MediaUrl", "a"), ("MediaUrl", "b")]
    body = urlencode(twice).encode()
    assert accepts(sign(TOKEN, URL, twice), body=body)
    assert accepts(sign(TOKEN, URL, list(dict.fromkeys(twice))), body=body)
    assert not accepts(sign(TOKEN, URL, twice[1:2]), body=body)


@pytest.mark.parametrize("port", ["", ":8443"])
def test_a_user_and_an_ipv6_host_keep_their_colons(port: str) -> None:
    """Only the port is left out or added."""
    url = f"https://user:secret@[2001:db8::1]{port}/sms"
    for spelling in (url, f"https://user:secret@[2001:db8::1]{'' if port else ':443'}/sms"):
        assert accepts(sign(TOKEN, spelling, PAIRS), url=url)


def test_a_request_without_a_body_is_covered_by_its_url() -> None:
    """A GET has all of its parameters in the URL."""
    assert accepts(sign(TOKEN, URL), content_type=None, body=b"")
    assert not accepts(sign(TOKEN, URL + "&x=1"), content_type=None, body=b"")


def test_a_json_body_is_covered_by_its_hash() -> None:
    """The hash is in the signed URL, as the library computes it."""
    body = '{"caf\u00e9": 1}'.encode()
    url = f"{URL}&bodySHA256={sha256(body).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    assert RequestValidator(TOKEN).validate(url, body.decode(), signature)
    assert accepts(signature, url=url, content_type="application/json", body=body)
    assert not accepts(signature, url=url, content_type="application/json", body=body + b" ")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", None])
def test_a_body_that_nothing_covers_is_refused(content_type: str | None) -> None:
    """A valid signature of the URL alone says nothing about a body that is not a form."""
    assert not accepts(sign(TOKEN, URL), content_type=content_type, body=b'{"Body": "YES"}')


@pytest.mark.parametrize(
    "content_type", [FORM, FORM.upper(), FORM + "; charset=UTF-8", " " + FORM + " ;charset=utf-8"]
)
def test_a_form_is_recognized_with_its_parameters(content_type: str) -> None:
    """Content types are compared without case and without what follows the semicolon."""
    assert accepts(sign(TOKEN, URL, PAIRS), content_type=content_type)


def test_a_form_in_raw_utf_8_is_read() -> None:
    """Some providers do not percent-encode what is not ASCII."""
    body = "Body=\u00e9\U0001f44d".encode()
    assert accepts(sign(TOKEN, URL, [("Body", "\u00e9\U0001f44d")]), body=body)


@pytest.mark.parametrize(
    ("public_url", "path", "query", "expected"),
    [
        ("https://a.example", "/webhooks/twilio/sms", "", "https://a.example/webhooks/twilio/sms"),
        ("https://a.example/", "/sms", "id=1&x=%20", "https://a.example/sms?id=1&x=%20"),
        ("https://a.example:8443/fanout/", "/sms%2F", "", "https://a.example:8443/fanout/sms%2F"),
    ],
)
def test_the_signed_url_is_the_configured_one(public_url: str, path: str, query: str, expected: str) -> None:
    """A proxy may have changed scheme, host, port and the start of the path; the settings say what they were."""
    assert signed_url(public_url, path, query) == expected


def test_the_signature_is_base64_of_twenty_bytes() -> None:
    """HMAC-SHA1."""
    assert len(sign(TOKEN, URL)) == len(b64encode(bytes(20)))


@pytest.mark.parametrize(("count", "accepted"), [(500, True), (501, False)])
def test_a_form_of_too_many_fields_is_not_sorted(count: int, accepted: bool) -> None:
    """No provider sends that many, and anybody could: sorting a full body of them takes forty milliseconds."""
    pairs = [(f"Field{number}", "") for number in range(count)]
    body = urlencode(pairs).encode()
    signed = is_signed(sign(TOKEN, URL, pairs), tokens=[TOKEN], url=URL, content_type=FORM, body=body)
    assert signed is accepted
