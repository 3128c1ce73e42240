"""What the command line's commands do, a module for each kind."""
