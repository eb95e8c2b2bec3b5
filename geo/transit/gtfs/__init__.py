"""GTFS Schedule: a folder or a zip of tables to lines, courses and stops."""
