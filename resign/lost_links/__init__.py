"""The lost link: an address in, and Synerise sends the link to whoever it knows under it."""
