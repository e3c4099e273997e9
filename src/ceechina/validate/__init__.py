"""Any data package to a report of its problems."""
