"""The whole system on this machine: the product, the pretend Synerise, and one mail with a link in it."""
