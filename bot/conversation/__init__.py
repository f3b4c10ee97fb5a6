"""Base of all handlers: context, callback data, flood control, permissions, prompts."""
