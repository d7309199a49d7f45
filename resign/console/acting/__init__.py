"""What support staff do for a person: each act asks first, and is done when somebody says so."""
