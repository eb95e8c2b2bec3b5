"""Learning to answer, with visitors who are not there."""
