"""A data package to what users ask of it; knows only its descriptor."""
