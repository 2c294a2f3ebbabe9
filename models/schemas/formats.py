"""The values of JSON Schema's `format` that are checked, and how: as ajv does with ajv-formats.

Another format is an annotation, as in ajv with `strict: false`; so are `password`, `binary`, `float` and `double`,
which any text or number has.
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from ..json import Json, is_number
from ..language.errors import LanguageError
from ..language.patterns import Pattern, PatternTooLarge

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d(?:\.\d+)?)(z|([+-])(\d\d)(?::?(\d\d))?)?", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"[tT]|\s|\ufeff")
_DURATION = re.compile(r"P(?:\d+W|(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)", re.ASCII)
_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_ATOM = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+", re.ASCII | re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII | re.IGNORECASE)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_LINE_END = re.compile("[\n\r\u2028\u2029]")
_BAD_ESCAPE = re.compile("~(?![01])")
_RELATIVE = re.compile(r"(?:0|[1-9]\d*)(#$|.*)", re.ASCII | re.DOTALL)

# RFC 3986, appendix B and A. ajv lets double quotes stand in hosts, paths, queries and fragments.
_PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+\-.]*", re.ASCII | re.IGNORECASE)
_USER = re.compile(r"(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*", re.ASCII | re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9\-._~!$&'\"()*+,;=]|%[0-9a-f]{2})*", re.ASCII | re.IGNORECASE)
_PORT = re.compile(r"(?::\d*)?", re.ASCII)
_FUTURE = re.compile(r"v[0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+", re.ASCII | re.IGNORECASE)
_PATH = re.compile(r"(?:[a-z0-9\-._~!$&'\"()*+,;=:@/]|%[0-9a-f]{2})*", re.ASCII | re.IGNORECASE)
_QUERY = re.compile(r"(?:[a-z0-9\-._~!$&'\"()*+,;=:@/?]|%[0-9a-f]{2})*", re.ASCII | re.IGNORECASE)

# RFC 6570, with the names that ajv takes, and RFC 6901, section 6.
_VARIABLE = r"(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9]\d{0,3}|\*)?"
_TEMPLATE = re.compile(
    rf"(?:[^\x00-\x20\"'<>%\\^`{{|}}]|%[0-9a-f]{{2}}|\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}})*",
    re.ASCII | re.IGNORECASE,
)
_POINTER_FRAGMENT = re.compile(r"#(?:/(?:[a-z0-9\-._!$&'()*+,;:=@]|%[0-9a-f]{2}|~[01])*)*", re.ASCII | re.IGNORECASE)

# What a browser would open on the open internet: letters of all languages in names, no address of a private network.
_OPENED = re.compile(r"(?:https?|ftp)://(\S+)", re.IGNORECASE | re.ASCII)
_SPACE = re.compile(r"[\s\ufeff]")
_WHERE = re.compile(r"([^:/@]+)(?::\d{2,5})?(?:/|\Z)", re.ASCII)
_NAME = re.compile("[a-z0-9\xa1-\uffff]+(?:-[a-z0-9\xa1-\uffff]+)*", re.IGNORECASE)
_TOP_NAME = re.compile("[a-z\xa1-\uffff]{2,}", re.IGNORECASE)
_PUBLIC = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}", re.ASCII)


def fits(name: Json, value: Json) -> bool:
    """Whether the value has the format; True for one that is not checked, or not for values of its type."""
    if isinstance(value, str):
        check = _TEXTS.get(name) if isinstance(name, str) else None
        return check is None or check(value)
    if is_number(value) and name in ("int32", "int64"):
        return value == value // 1 and (name == "int64" or -(2**31) <= value < 2**31)
    return True


def _date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    return (month, day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _time(text: str, *, zoned: bool = True) -> bool:
    found = _TIME.fullmatch(text)
    if found is None or (zoned and not found[4]):
        return False
    hour, minute, second = int(found[1]), int(found[2]), float(found[3])
    sign = -1 if found[5] == "-" else 1
    zone_hour, zone_minute = int(found[6] or 0), int(found[7] or 0)
    if zone_hour > 23 or zone_minute > 59:
        return False
    if hour <= 23 and minute <= 59 and second < 60:
        return True
    # The 61st second of a minute is the last of a day in UTC.
    minute -= zone_minute * sign
    hour -= zone_hour * sign + (minute < 0)
    return hour in (23, -1) and minute in (59, -1) and second < 61


def _date_time(text: str, *, zoned: bool = True) -> bool:
    parts = _BETWEEN.split(text)
    return len(parts) == 2 and _date(parts[0]) and _time(parts[1], zoned=zoned)


def _email(text: str) -> bool:
    local, at, domain = text.partition("@")
    labels = domain.split(".")
    return (
        bool(at)
        and all(map(_ATOM.fullmatch, local.split(".")))
        and len(labels) > 1
        and all(map(_LABEL.fullmatch, labels))
    )


def _hostname(text: str) -> bool:
    name = text.removesuffix(".")
    return len(name) <= 253 and all(len(label) < 64 and _LABEL.fullmatch(label) for label in name.split("."))


def _address(kind: type[IPv4Address] | type[IPv6Address]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            kind(text)
        except AddressValueError:
            return False
        return "%" not in text  # the zone of an address is its machine's own matter

    return check


def _uri_reference(text: str) -> bool:
    found = _PARTS.fullmatch(text)
    if found is None:
        return False
    scheme, authority, path, query, fragment = found.groups()
    if scheme is not None and not _SCHEME.fullmatch(scheme):
        # What stands before the colon may be the beginning of a path.
        scheme, path = None, f"{scheme}:{'' if authority is None else f'//{authority}'}{path}"
        authority = None
    return (
        # ajv lets one slash begin an authority, so that two may begin one that is empty, and a path.
        (authority is None or _authority(authority) or _PATH.fullmatch(authority) is not None)
        and _PATH.fullmatch(path) is not None
        and all(part is None or _QUERY.fullmatch(part) for part in (query, fragment))
    )


def _uri(text: str) -> bool:
    scheme, colon, rest = text.partition(":")
    if not colon or not _SCHEME.fullmatch(scheme) or rest[:1] in ("", "?", "#"):
        return False
    return _uri_reference(text)


def _authority(text: str) -> bool:
    user, at, host = text.rpartition("@")
    if at and not _USER.fullmatch(user):
        return False
    if host.startswith("["):
        literal, closed, port = host[1:].partition("]")
        if not closed or not (_TEXTS["ipv6"](literal) or _FUTURE.fullmatch(literal)):
            return False
    else:
        name, colon, number = host.partition(":")
        port = colon + number
        if not _HOST.fullmatch(name):
            return False
    return _PORT.fullmatch(port) is not None


def _url(text: str) -> bool:
    found = _OPENED.fullmatch(text)
    if found is None or _SPACE.search(text):
        return False
    rest = found[1]
    # The part before an @ may name the user.
    return _reaches(rest) or any(at and _reaches(rest, at + 1) for at, one in enumerate(rest) if one == "@")


def _reaches(rest: str, begin: int = 0) -> bool:
    found = _WHERE.match(rest, begin)
    if found is None:
        return False
    *names, top = found[1].split(".")
    if names and _TOP_NAME.fullmatch(top) and all(map(_NAME.fullmatch, names)):
        return True
    return _PUBLIC.fullmatch(found[1]) is not None and _is_public(*found[1].split("."))


def _is_public(first: str, second: str, third: str, fourth: str) -> bool:
    """By ajv's reading, in which only the middle numbers may begin with a zero, and have two digits then."""
    if first[0] == "0" or fourth[0] == "0" or any(len(part) == 3 and part[0] == "0" for part in (second, third)):
        return False
    numbers = tuple(map(int, (first, second, third, fourth)))
    return (
        numbers[0] <= 223
        and max(numbers[1:3]) <= 255
        and numbers[3] <= 254
        and numbers[0] not in (10, 127)
        and numbers[:2] not in ((169, 254), (192, 168))
        and not (numbers[0] == 172 and 16 <= numbers[1] <= 31)
    )


def _pointer(text: str) -> bool:
    return text == "" or (text.startswith("/") and not _BAD_ESCAPE.search(text))


def _relative_pointer(text: str) -> bool:
    found = _RELATIVE.fullmatch(text)
    return found is not None and (found[1] == "#" or _pointer(found[1]))


def _regex(text: str) -> bool:
    if re.search(r"[^\\]\\Z", text):
        return False
    try:
        Pattern(text)
    except PatternTooLarge:
        return True
    except LanguageError:
        return False
    return True


_TEXTS: Mapping[str, Callable[[str], bool]] = {
    "date": _date,
    "time": _time,
    "date-time": _date_time,
    "iso-time": lambda text: _time(text, zoned=False),
    "iso-date-time": lambda text: _date_time(text, zoned=False),
    "duration": lambda text: _DURATION.fullmatch(text) is not None,
    "email": _email,
    "hostname": _hostname,
    "ipv4": _address(IPv4Address),
    "ipv6": _address(IPv6Address),
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
    "uri": _uri,
    "uri-reference": _uri_reference,
    "url": _url,
    "uri-template": lambda text: _TEMPLATE.fullmatch(text) is not None,
    "json-pointer": _pointer,
    "json-pointer-uri-fragment": lambda text: _POINTER_FRAGMENT.fullmatch(text) is not None,
    "relative-json-pointer": _relative_pointer,
    "regex": _regex,
    "byte": lambda text: any(map(_BASE64.fullmatch, _LINE_END.split(text))),
}
CHECKED = (*_TEXTS, "int32", "int64")
