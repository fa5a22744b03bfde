"""Files that items show: looked at, made safe, kept under their hash."""
