"""Where a package comes from: a folder, an archive, a release fetched by its number, a revision of a checkout."""
