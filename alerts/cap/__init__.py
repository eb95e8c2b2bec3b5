"""The Common Alerting Protocol, in and out: what a warning is, whoever sends it."""
