"""The policies of dispatch, tried on the same nights: ours, and what others publish of theirs."""
