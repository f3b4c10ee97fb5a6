"""Answer questions: message handlers, the steps of an answer, its buttons, rendering, inline mode.

A question is read from `handlers` to `service` to `index.search.pipeline`.
"""
