"""`loopbaangesprek seed`: a school of invented people with years of conversations behind them.

For screenshots, benchmarks and the demo. What they say is data (`content/`); the rest decides who
says what and when. The same numbers always give the same school, up to the date of today.
"""
