"""Transport: its lines and stops, alerts of witnesses, what is sent to networks, campaigns."""

from web.migrations.campaign import drop_campaign, make_campaign
from web.migrations.networks import drop_networks, make_networks
from web.migrations.transit import drop_transit, make_transit
from web.migrations.witness import drop_witness, make_witness

revision, down_revision = "pre_0005", "post_0004"


def upgrade() -> None:
    make_transit()
    make_witness()
    make_networks()
    make_campaign()


def downgrade() -> None:
    """What each part loses is said in its own file."""
    drop_campaign()
    drop_networks()
    drop_witness()
    drop_transit()
