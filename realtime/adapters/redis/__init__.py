"""Redis or Valkey between several nodes: one server, Sentinel, or Cluster.

Nothing here is the only copy of anything: it may be emptied at any moment.
"""
