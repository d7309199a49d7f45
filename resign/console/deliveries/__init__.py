"""What is owed to whom, which lanes are open, what was refused, and what there is to be alarmed about."""
