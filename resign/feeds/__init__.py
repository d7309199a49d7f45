"""Files for other systems: how far each has been told, what is written for it, and how it gets there."""
