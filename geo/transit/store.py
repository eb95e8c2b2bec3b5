"""The tables of networks, and every statement on them."""

from realtime.ledger import Ledger as Ledger
from realtime.ledger import Reading as Reading
from realtime.ledger import Transaction as Transaction
