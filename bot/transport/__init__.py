"""Bot API transport: connection, rate limiter, send queue, update order, log redaction."""
