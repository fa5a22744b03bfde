"""From a browser request to a frozen `Launch`: login, id_token, roles, session."""
