"""What people told us: decisions, appended and never changed, and where each person stands because of them."""

from resign.ledger.decision import ALL, END_OF_A_BREAK, Choice, Method, NewDecision, decide
from resign.ledger.intake import Intake, LedgerUnavailable
from resign.ledger.newest import Newest, outs_since_last_opt_in
from resign.ledger.rules import UNDO_WITHIN, may_undo

__all__ = [
    "ALL",
    "END_OF_A_BREAK",
    "UNDO_WITHIN",
    "Choice",
    "Intake",
    "LedgerUnavailable",
    "Method",
    "NewDecision",
    "Newest",
    "decide",
    "may_undo",
    "outs_since_last_opt_in",
]
