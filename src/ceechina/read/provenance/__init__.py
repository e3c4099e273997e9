"""What stands behind values: claims, their disagreements, and the policies that decide these otherwise."""
