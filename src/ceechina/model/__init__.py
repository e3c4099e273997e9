"""What a record is: tables, columns, code lists, scalars. Knows no files."""
