"""Logs: one JSON line per event on standard error; session ids never among them."""

import logging
import sys

import structlog


def configure() -> None:
    """Let structlog write JSON lines, and werkzeug's access lines be silent (they name paths)."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
