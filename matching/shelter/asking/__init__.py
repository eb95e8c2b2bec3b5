"""Scarce nights: hotels are asked in waves."""
