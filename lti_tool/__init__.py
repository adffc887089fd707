"""Loopbaangesprek: an LTI 1.3 tool for the career conversation."""
