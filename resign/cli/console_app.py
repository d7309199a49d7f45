"""The console as the web server imports it, built from the environment."""

from resign.console_root import console_application
from resign.settings import load_from_environment
from resign.telemetry import logs

logs.set_up()
application = console_application(load_from_environment())
