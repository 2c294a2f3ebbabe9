"""Unicode's properties by the names that `\\p{...}` may have in JavaScript, which are exact ones.

Those that the library `regex` does not know are missing: Changes_When_NFKC_Casefolded.
"""

import re
from functools import lru_cache

import regex

from .characters import LAST_CHARACTER, Ranges
from .tree import Set

_CATEGORIES = """
C Other Cc Control Cf Format Cn Unassigned Co Private_Use Cs Surrogate L Letter LC Cased_Letter Ll Lowercase_Letter
Lm Modifier_Letter Lo Other_Letter Lt Titlecase_Letter Lu Uppercase_Letter M Mark Combining_Mark Mc Spacing_Mark
Me Enclosing_Mark Mn Nonspacing_Mark N Number Nd Decimal_Number digit Nl Letter_Number No Other_Number P Punctuation
punct Pc Connector_Punctuation Pd Dash_Punctuation Pe Close_Punctuation Pf Final_Punctuation Pi Initial_Punctuation
Po Other_Punctuation Ps Open_Punctuation S Symbol Sc Currency_Symbol Sk Modifier_Symbol Sm Math_Symbol So Other_Symbol
Z Separator Zl Line_Separator Zp Paragraph_Separator Zs Space_Separator cntrl
"""
_BINARY = """
ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Any Assigned Bidi_Control Bidi_C Bidi_Mirrored Bidi_M Case_Ignorable CI
Cased Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM Changes_When_Lowercased CWL
Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash
Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp Emoji_Modifier EMod
Emoji_Modifier_Base EBase Emoji_Presentation EPres Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base
Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS
Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math Noncharacter_Code_Point NChar
Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI
Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo Uppercase Upper
Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS
"""
_SCRIPT = re.compile(r"[A-Z][a-z]{3}|[A-Z][a-z]+(?:_[A-Z][a-z]+)*|Nko|SignWriting|Phags_Pa|Qaac|Qaai", re.ASCII)
_KEYS = {
    "General_Category": "gc", "gc": "gc", "Script": "sc", "sc": "sc", "Script_Extensions": "scx", "scx": "scx"
}  # fmt: skip
_RANGES: dict[str, Ranges] = {"Any": ((0, LAST_CHARACTER),), "ASCII": ((0, 127),)}
_ALONE = frozenset([*_CATEGORIES.split(), *_BINARY.split()])
_CATEGORY = frozenset(_CATEGORIES.split())


def named(name: str, value: str | None, *, negated: bool) -> Set | None:
    """The characters that have the property, or do not; None for a name that JavaScript does not know."""
    if value is None and name in _RANGES:
        return Set(_RANGES[name], negated)
    if value is None and name == "Assigned":
        name, negated = "Cn", not negated
    if value is None:
        text = f"gc={name}" if name in _CATEGORY else f"{name}=yes" if name in _ALONE else ""
    elif _KEYS.get(name) == "gc":
        text = f"gc={value}" if value in _CATEGORY else ""
    else:
        key = _KEYS.get(name, "")
        text = f"{key}={value}" if key and _SCRIPT.fullmatch(value) else ""
    if not text or not _known(text):
        return None
    return Set((), properties=(rf"\{'P' if negated else 'p'}{{{text}}}",))


@lru_cache(maxsize=512)
def _known(text: str) -> bool:
    try:
        regex.compile(rf"\p{{{text}}}", cache_pattern=False)
    except regex.error:
        return False
    return True
