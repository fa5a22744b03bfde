"""Experiences and micro-modules: documents, checks, engine, library, runs, pages."""
