"""What the settings mean, named here for the catalogue: they are said as the table of settings has them."""

from resign.console.spoken import mark

SENTENCES = (
    mark("where the embedded default keeps its files"),
    mark("SQLAlchemy URL; without it a SQLite file under `RESIGN_DATA_DIR`"),
    mark("public origin that links are minted for"),
    mark("address the web process listens on"),
    mark("address the console listens on, or `off`"),
    mark(
        "origin by which staff reach the console, `https://` unless that is this machine; without it `http://` and the address it listens on"
    ),
    mark(
        "whether whoever signs in to the console with a password needs a second factor: `required` or `optional`"
    ),
    mark("address where a worker on its own shows `/metrics`; without it, nowhere"),
    mark("bearer token that `/metrics` asks for; without it, anybody who reaches the address may read them"),
    mark("web processes"),
    mark("threads in each web process"),
    mark("calls to Synerise under way at once, per worker"),
    mark("when the worker compares the ledger with Synerise every day, UTC, or `off`"),
    mark("calls a day (UTC) and workspace for comparing with Synerise, `resign reconcile` included"),
    mark("address that the worker posts alarms to; without it they are shown, and told to nobody"),
    mark("what those posts are signed with, `whsec_` and base64, as Standard Webhooks writes it"),
    mark(
        "the identity provider by which staff may sign in to the console: its address, as its own discovery document has it; with it the three below must be given"
    ),
    mark("what the identity provider calls the console"),
    mark("the secret that the identity provider gave to the console"),
    mark(
        'the roles of the identity provider\'s groups, a table (or TOML text) such as `opt-out-support = ["support@shop"]`; who is in none of them has no account'
    ),
    mark("the claim in which the identity provider names the groups"),
    mark("what the identity provider is asked for"),
    mark("how many proxies of yours stand in front and add `X-Forwarded-For`"),
    mark("link keys, `id:secret,id:secret`, oldest to newest: the newest signs, all open"),
    mark("key of the digests by which addresses are searched and suppressed; it never changes"),
    mark("who sends the mails, as people know it: `Fjord & Fern Ltd`"),
    mark("where people write when a link fails: an e-mail address or a page"),
    mark("the pages' language where nothing else tells"),
    mark(
        "whose midnight ends a day in reports, and a break, such as `Europe/Warsaw`; after a change run `resign report rebuild`"
    ),
    mark("Synerise's API host"),
    mark("the workspace's API key"),
    mark("how to sign in: `login` (JWT) or `basic`"),
    mark("the workspace's GUID, for `basic`"),
    mark("how Synerise is told: `profile` update, tracked `event`, or `incoming` integration"),
    mark("whether e-mails are `unique` in the workspace"),
    mark("the agreement's attribute where e-mails are not unique"),
    mark(
        "the attribute that becomes `enabled` to start Synerise's sign-up workflow, for an opt-in that was only asked for"
    ),
    mark(
        "whom an import or the API may bring into being at Synerise: `opt-ins` that have evidence, `all`, or `nobody`"
    ),
    mark("action name of the tracked event"),
    mark("action name of the event that an undo sends"),
    mark("the incoming integration's address, as Synerise shows it"),
    mark(
        "what Synerise's outgoing integration signs in with, as bearer token or as Basic password; without it the hook answers 404"
    ),
    mark("action name of the event by which a lost link is asked for"),
    mark("the profile attribute that tokens are written to"),
    mark("action name of the event by which the mail of a double opt-in is asked for"),
    mark(
        "public origin of this workspace's links, where it has a host name of its own; else `RESIGN_BASE_URL`"
    ),
    mark(
        "agreements of the workspace's own, each a table (or TOML text); with any there is a preference centre"
    ),
    mark("other systems that hear of the workspace's decisions, each a table (or TOML text)"),
    mark("whether what a person switches `on` in the preference centre is confirmed by e-mail first"),
    mark("the breaks that are offered below the button, in months, `1,3` say, or `off`"),
    mark(
        "the reasons that are offered after an opt-out: `shipped`, `off`, or a table (or TOML text) of texts by language"
    ),
    mark(
        "days that a mail is remembered of which Synerise told (`message.sent`), for the time from mail to opt-out; `0` keeps none of them"
    ),
    mark(
        "key pairs of template-signed links, `first:second,first:second`, oldest to newest; without them such links are refused"
    ),
)
