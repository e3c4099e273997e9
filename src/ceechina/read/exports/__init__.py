"""A package taken elsewhere: files of other programs, one module a format, and citations, in every style."""
