"""Which figures of a running service operators can see, read from the parts that have them.

``deploy/prometheus/alerts.yml`` and ``deploy/grafana/entraide.json`` name them: a test asks a
running service whether each of those is there.
"""

from functools import partial

from alerts.service import Alerts
from matching.reach.service import Reach
from realtime.node import Node
from realtime.push.policy import Verdict
from realtime.tasks import Tasks
from realtime.turns import Turns
from realtime.writer import Writer
from web.lag import Lag
from web.observe import Metrics


def show(
    metrics: Metrics,
    *,
    node: Node,
    writer: Writer,
    tasks: Tasks,
    turns: Turns,
    reach: Reach,
    alerts: Alerts,
    lag: Lag,
) -> None:
    """Join the figures with what they are figures of."""
    writer.measured = metrics.committed
    alerts.asked = metrics.asked
    metrics.watch(
        {
            "sockets": ("Sockets open", lambda: len(node)),
            "channels": ("Channels followed", lambda: node.channels),
            "channels_behind": ("Followed, with something missing", lambda: node.figures["behind"]),
            "waiting_commands": ("Commands waiting for a commit", lambda: len(writer)),
            "waiting_arrivals": ("People coming back, waiting for a turn", lambda: len(turns)),
            "loop_lag_seconds": ("Longest wait for a turn since the last look", lag.worst),
            "database_up": ("Whether the database answers", lambda: lag.late.database),
            "tasks_late": ("Tasks due for long, with nobody on them", lambda: lag.late.tasks),
            "oldest_task_seconds": ("How late the oldest of them is", lambda: lag.late.oldest_s),
        }
    )
    metrics.count(
        {
            "refused_arrivals": ("Told to come back later", lambda: turns.refused),
            "ledger_checks": ("Times all channels were asked of the ledger", lambda: node.checks),
            "task_failures": ("Attempts at tasks that failed", lambda: tasks.failures),
            "commands_set_aside": ("Commands that met another node's", lambda: writer.set_aside),
            "resumed": ("Came back and missed nothing", lambda: node.figures["resumed"]),
            "started_over": ("Had to start over", lambda: node.figures["started_over"]),
            **{
                f"push_{verdict}": (
                    f"Pushes that ended as {verdict}",
                    partial(reach.ended, verdict),
                )
                for verdict in Verdict
            },
        }
    )
