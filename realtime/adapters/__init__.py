"""The backends of the ports: one file each, chosen in ``web/bootstrap.py``."""
