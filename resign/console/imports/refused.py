"""What is refused of a whole file, or of what its columns were said to mean, in the reader's language."""

from resign.console.spoken import language, mark, say
from resign.i18n import SOURCE
from resign.imports.mapping import BadMapping
from resign.imports.reading import Unreadable


def said(fault: BadMapping | Unreadable) -> str:
    if isinstance(fault, BadMapping):
        return say(fault.sentence, **fault.values)
    return say(str(fault))


def is_english(sentence: str) -> bool:
    """Of a sentence that was kept with an import: whether it is read out as English, because it has no other words."""
    return language() != SOURCE and say(sentence) == sentence


# What reading says of a whole file; here so that they are in the catalogue.
UNREADABLE = (
    mark("The file is empty."),
    mark("The file is not text."),
    mark("The file holds no rows."),
    mark("The file holds no rows that can be read."),
    mark("The file holds no list of objects, or is no JSON."),
    mark("The file's list of objects lies too deep in it, or has a name that is none."),
    mark("The file is no XML, or holds no rows."),
    mark("The file declares a document type or entities of its own, which are not read."),
    mark("The file is no workbook, or is broken or encrypted."),
    mark("The workbook has no sheet of that name."),
    mark("No sheet of the workbook that is not hidden holds a row."),
    mark("That sheet holds no row."),
    mark("The workbook declares a document type or entities of its own, which are not read."),
    mark("The workbook unpacks to more than is read; save it as CSV."),
    mark("The workbook has more parts than are read; save it as CSV."),
    mark("The workbook holds more text than is read at once; save it as CSV."),
    mark("A part of the workbook that is no sheet is too large; save it as CSV."),
    mark("A part of the workbook grows to more than 200 times its size."),
    mark("A cell of the workbook is longer than any spreadsheet's."),
    mark("The file is of an old Excel, or encrypted; save it as .xlsx or CSV."),
    mark("The file is a PDF, not a table."),
    mark("The file is packed twice."),
    mark("Files of that format are not read."),
    mark("There is no encoding of that name."),
    mark("The file is not in that encoding."),
    mark("A delimiter is one character, and no quote or line end."),
    mark("The file has more than 500 columns."),
    mark("The file has more than 500 columns, or names that are none."),
    mark("The first row has more than 100000 characters."),
    mark("The packed file grows to more than 200 times its size."),
    mark("The file is not there, or may not be read."),
    mark("the file is kept no longer"),
)
# What a mapping is refused with, where a form can bring it about or somebody has sent one by hand.
MAPPING = (
    mark("the file has no column %(name)s; it has: %(columns)s"),
    mark("hash is sha256 or keyed"),
    mark("hashes are of e-mail addresses and only of people who opted out: name their column as email, and the choice opt-out"),
    mark("say which column names the person: email, customId or clientId"),
    mark("there is no identifier %(name)s; there are email, customId and clientId"),
    mark("choice is opt-out, opt-in, request, or a table with a column and the values of each"),
    mark("choice: give the values of %(choice)s as a list of texts in quotes"),
    mark("choice: at most %(most)s values mean %(choice)s"),
    mark("choice: %(word)s cannot mean both"),
    mark("%(name)s: values is a table of texts in quotes"),
    mark("when is a table with a column, a zone and an order"),
    mark("when: the zone is a time zone's name, such as Europe/Warsaw"),
    mark("when: the order is day-first, month-first, or nothing"),
    mark("evidence is a text, or a table with columns"),
    mark("%(what)s is a text in quotes, up to %(most)s letters"),
    mark("the mapping has no %(name)s; it has: %(keys)s"),
    mark("no column looks as if it named people; the file has: %(columns)s"),
)  # fmt: skip
