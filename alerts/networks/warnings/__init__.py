"""Warnings of public authorities, mirrored: shown as theirs, in their words, never re-authored."""
