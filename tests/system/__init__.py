"""Tests of the whole: killed processes, full disks, the chat page in a browser."""
