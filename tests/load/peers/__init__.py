"""What is measured beside ours, in the same run: how each is found, started and spoken to.

A peer that is not on the machine is left out, and the table says so. ``install.sh`` brings them.
"""
