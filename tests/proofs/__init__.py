"""What the system promises, shown at full size: ``./run prove NAME``."""
