"""The formats a package is exported to, one module each."""
