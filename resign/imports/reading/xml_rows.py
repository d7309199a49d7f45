"""The rows of an XML file: each time one element, with its attributes and the texts in it. Nothing is declared or fetched."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse

from resign.imports.reading.budget import Budget
from resign.imports.reading.opening import Source
from resign.imports.reading.shape import DEEPEST, Reason, Reject, Row, Shape, TooLong, Unreadable

# What expat says where a file ends too early: no element, an open token, half a character, an open CDATA.
_ENDS_TOO_EARLY = {3, 5, 6, 20}
_ITSELF = "value"
_DECLARES = "The file declares a document type or entities of its own, which are not read."


def xml_rows(source: Source, shape: Shape, after: int) -> Iterator[Row | Reject]:
    with Budget(source) as budget:
        blank = dict.fromkeys(shape.columns, "")
        number = 0
        try:
            for element in elements(budget, shape.encoding, shape.record):
                number += 1
                budget.new_row()
                if number > after:
                    values = _values(element, blank)
                    yield Reject(number, values) if isinstance(values, str) else Row(number, values)
        except DefusedXmlException:
            raise Unreadable(_DECLARES) from None
        except ParseError as fault:
            yield Reject(number + 1, "cut-off" if fault.code in _ENDS_TOO_EARLY else "broken-file")
        except (TooLong, ValueError, LookupError):
            yield Reject(number + 1, "broken-file")


def elements(budget: Budget, encoding: str, record: str) -> Iterator[Element]:
    """Every element of that name, whole; it and all around it is let go of when the next is asked for."""
    within: list[Element] = []
    in_record = 0
    for event, element in _events(budget, encoding):
        if event == "start":
            within.append(element)
            if len(within) > DEEPEST:
                raise TooLong
            if in_record or local(element.tag) == record:
                in_record += 1
            continue
        within.pop()
        in_record = max(in_record - 1, 0)
        if in_record:
            continue
        if local(element.tag) == record:
            yield element
        element.clear()
        if within:
            within[-1].remove(element)


def record_in(budget: Budget, encoding: str) -> tuple[str, list[str]]:
    """The element that is repeated, and what its values are called. Raises Unreadable where there is none."""
    times: Counter[tuple[str, ...]] = Counter()
    names: dict[tuple[str, ...], dict[str, None]] = {}
    for path, element in _beginning(budget, encoding):
        leaves = [local(child.tag) for child in element if not len(child)]
        attributes = [local(name) for name in element.attrib] if len(path) > 1 else []
        row = path
        if len(leaves) > 1 and len(set(leaves)) == 1:
            if any(child.attrib for child in element):
                # Each of them has been counted as a row by itself.
                continue
            # A mere list of values: each of them is a row.
            row, attributes = (*path, leaves[0]), [_ITSELF]
            times[row] += len(leaves) - 1
            leaves = []
        if leaves or attributes:
            times[row] += 1
            names.setdefault(row, {}).update(dict.fromkeys([*attributes, *leaves]))
    if not times:
        raise Unreadable("The file is no XML, or holds no rows.")
    row = min(times, key=lambda path: (-times[path], len(path)))
    return row[-1], list(names[row])


def _beginning(budget: Budget, encoding: str) -> Iterator[tuple[tuple[str, ...], Element]]:
    """Each element of the beginning, with the names that lead to it; as much as one row may be long."""
    within: list[Element] = []
    try:
        for event, element in _events(budget, encoding):
            if event == "start":
                within.append(element)
                if len(within) > DEEPEST:
                    break
            else:
                yield _path(within), within.pop()
    except DefusedXmlException:
        raise Unreadable(_DECLARES) from None
    except (ParseError, TooLong, ValueError, LookupError):
        pass
    while within:
        yield _path(within), within.pop()


def _events(budget: Budget, encoding: str) -> Iterator[tuple[str, Element]]:
    # What is written in the file itself about its encoding is what counts, unless somebody says otherwise.
    said = None if encoding.startswith(("utf-8", "utf-16")) else encoding
    parser = DefusedXMLParser(target=TreeBuilder(), encoding=said, forbid_dtd=True)
    return cast("Iterator[tuple[str, Element]]", iterparse(budget, ("start", "end"), parser))


def _values(element: Element, blank: Mapping[str, str]) -> dict[str, str] | Reason:
    values = dict(blank)
    given = [(local(name), text) for name, text in element.attrib.items()]
    if _ITSELF in blank and not len(element):
        given.append((_ITSELF, element.text or ""))
    for child in element:
        if len(child):
            return "nested"
        given.append((local(child.tag), child.text or ""))
    named = set()
    for name, text in given:
        if name in named:
            return "repeated-value"
        named.add(name)
        if name in values:
            values[name] = text.strip()
    return values


def _path(within: list[Element]) -> tuple[str, ...]:
    return tuple(local(element.tag) for element in within)


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition("}")[2]
