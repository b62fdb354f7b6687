"""The words that say which value of a parameter is meant: the one after an update, or the one before it."""

NEW_WORDS = frozenset("new updated next neu neuer neues nuevo nueva nouveau nouvelle novo nova nuovo nuova".split())
"""Words beside a parameter that say its new value."""
OLD_WORDS = frozenset("old alt prev previous current viejo vieja ancien ancienne vecchio vecchia".split())
"""Words that say the value before the update, which the name says anyway."""
BEFORE_A_NAME = (NEW_WORDS | OLD_WORDS) - {"next"}
"""Those that stand before a parameter and mean its value: ``next`` begins a sentence."""
SAYS_NEW = "|".join(sorted(NEW_WORDS, key=lambda word: (-len(word), word)))
SAYS_WHICH = "|".join(sorted(NEW_WORDS | OLD_WORDS, key=lambda word: (-len(word), word)))
"""The same as alternatives of a pattern."""

__all__ = ["BEFORE_A_NAME", "NEW_WORDS", "OLD_WORDS", "SAYS_NEW", "SAYS_WHICH"]
