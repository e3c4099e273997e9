"""Charts of a package, and the rows and outlines they are drawn from."""
