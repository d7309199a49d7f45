"""Reports and scanner bursts: figures with their charts and tables, and what two people decide about a burst."""
