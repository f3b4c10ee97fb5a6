"""End-to-end tests: crashes, full disks, old data folders, alert fan-out, the chat page."""
