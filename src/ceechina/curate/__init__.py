"""Record files and passages to rows: read, find, lock, resolve."""
