"""Mail to pupils: an invitation, a reminder, a notice that agreements stand ready.

A message carries names, dates, numbers and a link into the course; never a word anybody wrote.
"""
