"""Texts on their way out: plain `str`, valid Unicode, JSON."""

from _rlm_private_builtins import PRIVATE as __builtins__

from json import JSONDecoder, JSONEncoder
from json.encoder import c_make_encoder, encode_basestring

# Own instances: a cell may replace json.dumps, or the encoder's class attributes.
_encode = JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decode = JSONDecoder().decode
# JSONEncoder makes one of these for each text, which takes longer than a small text does: markers, default, encoder, indent, separators, sort_keys, skipkeys, allow_nan.
_encode_plain = c_make_encoder(None, None, encode_basestring, None, ":", ",", False, False, False)


def plain_str(text):
    """An exact `str`: methods that a subclass overrides must not run inside the prelude."""
    return text if type(text) is str else str.__str__(text)


def valid_unicode(text):
    """Joins surrogate pairs and replaces lone surrogates, which neither UTF-8 nor the host can carry."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def utf8_length(text):
    return len(text) if text.isascii() else len(text.encode("utf-8"))


def to_json(value):
    return valid_unicode(_encode(value))


def plain_to_json(value):
    """The same of what the prelude has made itself: exact types, and no cycles, which are not looked for."""
    return valid_unicode("".join(_encode_plain(value, 0)))


def from_json(text):
    """Integers are exact at any size; they never pass through a double."""
    return _decode(text)
