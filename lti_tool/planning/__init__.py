"""Times for the conversations of a round: a teacher offers them, a pupil picks one.

`bookings.py` is the one place that gives a time away or takes it back. `views.py` has the routes.
"""
