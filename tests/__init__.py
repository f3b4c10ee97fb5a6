"""Checks of both packages, with real parts: files, databases, servers, a browser."""
