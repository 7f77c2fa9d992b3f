"""A topic's words must not take the place of another topic's in a text, where the longer one, or the earlier one, wins."""

from schemas.topics import TOPICS

BY_WORD: dict[str, set[str]] = {}
for topic, (_, known) in TOPICS.items():
    for word in known:
        BY_WORD.setdefault(word, set()).add(topic)


def test_a_word_that_holds_another_has_its_topics_too() -> None:
    hidden = {
        (long, short): BY_WORD[short] - BY_WORD[long]
        for long in BY_WORD
        for short in BY_WORD
        if short != long and short in long and BY_WORD[short] - BY_WORD[long]
    }
    assert hidden == {}


def test_no_topic_shares_its_chinese_name() -> None:
    names = [name for name, _ in TOPICS.values()]
    assert [name for name in names if names.count(name) > 1] == []
