"""The tables of a package: described, loaded whole or in part, as frames, as records or through SQL."""
