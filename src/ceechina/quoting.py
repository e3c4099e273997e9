"""Names and texts as SQL has them: nothing that is read from a file is ever taken for SQL."""


def quoted(name: str) -> str:
    """A name of a table or column, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"
