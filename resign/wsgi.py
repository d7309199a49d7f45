"""What the web server imports: `resign.wsgi:application`, built from the environment."""

from resign.app import LOOKS_LAST, web_application
from resign.settings import load_from_environment
from resign.telemetry import logs

logs.set_up()
application = web_application(load_from_environment(), keeps_themes=True, looks_last=LOOKS_LAST)
