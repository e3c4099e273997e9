"""Rows to a data package: files, descriptor, codebook, generated schemas."""
