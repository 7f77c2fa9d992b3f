"""Which optional content is shown when a file is opened: groups, policies and expressions of ISO 32000-1, 8.11.

PDFium settles this for what a page draws, but draws notes and fields whatever layer they are on, so for those it is settled here.
"""

from typing import Any, Final

from extractors.readers.pdf_syntax import File, Ref

_DEEPEST: Final = 20


class Layers:
    def __init__(self, file: File) -> None:
        self.file = file
        self.off: set[int] = set()
        properties = file.entry(file.root, "/OCProperties")
        default = file.entry(properties, "/D")
        if file.entry(default, "/BaseState") == "/OFF":
            self.off |= _refs(file.entry(properties, "/OCGs"))
        self.off -= _refs(file.entry(default, "/ON"))
        self.off |= _refs(file.entry(default, "/OFF"))

    def shows(self, content: Any, depth: int = 0) -> bool:
        """Whether what belongs to a group, a membership dictionary or an expression is shown."""
        if depth > _DEEPEST:
            return False
        thing = self.file.value(content)
        if isinstance(thing, list):
            return self._expression(thing, depth)
        if not isinstance(thing, dict) or thing.get("/Type") != "/OCMD":
            return not (isinstance(content, Ref) and content.number in self.off)
        if isinstance(expression := self.file.value(thing.get("/VE")), list):
            return self._expression(expression, depth)
        groups = thing.get("/OCGs")
        told = self.file.value(groups)
        on = [self.shows(group, depth + 1) for group in (told if isinstance(told, list) else [groups] if groups else [])]
        policy = self.file.value(thing.get("/P"))
        if not on:
            return True
        return {"/AllOn": all(on), "/AnyOff": not all(on), "/AllOff": not any(on)}.get(str(policy), any(on))

    def _expression(self, parts: list[Any], depth: int) -> bool:
        values = (self.shows(part, depth + 1) for part in parts[1:])
        if parts[:1] == ["/Not"]:
            return not next(values, False)
        return any(values) if parts[:1] == ["/Or"] else all(values)

    def anything_off(self) -> bool:
        """Whether the file holds a layer, or a rule about layers, that leaves something out when it is opened."""
        bones = self.file.bones
        rules = (number for number, at in self.file.places.items() if b"/OCMD" in bones[at : at + 200])
        return bool(self.off) or any(not self.shows(Ref(number)) for number in rules)

    def hidden_notes(self, page: dict[str, Any]) -> set[int]:
        """Which of a page's annotations, counted from 0, belong to a layer that is off."""
        notes = self.file.value(page.get("/Annots"))
        if not isinstance(notes, list):
            return set()
        told = [self.file.value(note) for note in notes[:2000]]
        return {i for i, note in enumerate(told) if isinstance(note, dict) and "/OC" in note and not self.shows(note["/OC"])}


def _refs(things: Any) -> set[int]:
    return {thing.number for thing in things if isinstance(thing, Ref)} if isinstance(things, list) else set()
