"""The Bot API that the bot calls: endpoint, parameters, methods, webhook, HTML parse mode."""
