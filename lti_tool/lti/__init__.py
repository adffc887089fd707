"""LTI 1.3: the only room that imports pylti1p3 or names a claim or role URL.

Outside it there is a frozen `Launch`. `claims.py`, `roles.py` and `quirks.py` know no models.
"""
