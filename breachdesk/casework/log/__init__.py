"""The log proves itself: sealed, checked, folded anew, given out, and read in words."""
