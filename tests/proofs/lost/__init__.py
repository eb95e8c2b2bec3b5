"""Nothing that was acknowledged is lost: the load, the history it writes, and its checker."""
