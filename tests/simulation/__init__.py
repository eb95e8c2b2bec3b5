"""The real program on a clock, a network, a database and a broker that a seed decides."""
