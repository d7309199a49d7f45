"""Where files go to, each kind of place a module of its own behind one small protocol."""
