"""What a line does to what is said on it, one direction at a time. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Fair by default. Bytes of TCP are never skipped: what is dropped dooms its connection."""

    #: Seconds each piece is on its way; the order is kept.
    delay_s: float = 0.0
    #: Bytes a second; 0: as fast as it goes.
    rate: int = 0
    #: Nothing moves, nothing is lost: it goes on when it clears up (a cable pulled and put back).
    stopped: bool = False
    #: Everything is taken and thrown away (a firewall that forgot the connection). When it clears
    #: up, connections from which something was lost are reset, as TCP would find out.
    swallowed: bool = False

    def seconds_for(self, size: int) -> float:
        """How long a piece of so many bytes keeps the line.

        >>> Weather(rate=1000).seconds_for(500), Weather().seconds_for(500)
        (0.5, 0.0)
        """
        return size / self.rate if self.rate else 0.0


FAIR = Weather()
BLACK_HOLE = Weather(swallowed=True)
STILL = Weather(stopped=True)
