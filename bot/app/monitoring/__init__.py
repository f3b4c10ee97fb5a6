"""Monitoring: metrics for Prometheus, health and readiness, over HTTP. Off by default.

All of measuring is here. The parts of the bot count what they do in plain numbers and `Durations`;
`metrics` reads these at a request, `readings` what is stored, `event_loop` and `measured_pool`
measure what no part knows of itself, and `endpoint` serves it. No label holds a chat, a question or
an address.
"""
