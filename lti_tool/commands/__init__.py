"""The console commands, one module for each group; they stand above everything that is wired."""
