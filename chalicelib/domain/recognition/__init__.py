"""Thanks, meetups hosted, and what they come to.

Nothing here or elsewhere reads a balance to permit, order or hurry anything: it is told to its member.
"""
