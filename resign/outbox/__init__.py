"""What we still owe: messages to every destination, delivered until they are confirmed."""
