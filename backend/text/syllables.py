"""What can be a Vietnamese syllable at all: the spelling of the language, without marks."""

from __future__ import annotations

import re

_ONSET = "ngh|ng|nh|kh|gh|gi|ch|ph|qu|q|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x"
_RIME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|"
    "e|ec|ech|em|en|eng|enh|eo|ep|et|eu|"
    "i|ia|ich|iec|iem|ien|ieng|iep|iet|ieu|im|in|inh|ip|it|iu|"
    "o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|"
    "u|ua|uac|uach|uai|uan|uang|uanh|uat|uay|uc|ue|uech|uenh|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|"
    "up|ut|uu|uy|uya|uych|uyen|uyet|uynh|uyt|uyu|"
    "y|yem|yen|yet|yeu"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_RIME})")


def is_syllable(folded: str) -> bool:
    """Whether a lower-case word without marks is spelt as Vietnamese syllables are ("rong"; not "rogn", "dduowcj").

    It says nothing about whether the word exists. Source of the onsets and rimes: the national orthography as
    taught in primary schools (quốc ngữ), with the marks taken off.
    """
    return _SYLLABLE.fullmatch(folded) is not None
