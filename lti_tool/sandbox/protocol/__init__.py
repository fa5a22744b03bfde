"""The platform's half of LTI: launches, deep linking, tokens, registration."""
