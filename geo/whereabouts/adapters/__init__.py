"""The backends of ``geo.whereabouts.ports``."""
