"""The drawings of the items that ship, as functions: people, rooms, things. Writes plain SVG."""
