"""The `/sources` command and admin notifications; registry of followed sources, their follower."""
