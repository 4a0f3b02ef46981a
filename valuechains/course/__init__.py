"""The course around the exercises: the key, student copies and kits. Students' kits do not carry this package."""
