"""The preference centre's pages, each filled with what is true at that moment."""

from collections.abc import Mapping, Sequence

from flask import Response

from resign.links import SCOPE
from resign.public import answer
from resign.public.choices import Choices
from resign.public.site import site
from resign.public.told import Decided, recorded
from resign.public.visit import Visit
from resign.settings.offered import CustomAgreement
from resign.themes.beside import chosen, marked, said, state
from resign.themes.contexts import (
    Confirm,
    ConfirmedIn,
    ConfirmLate,
    Context,
    PageName,
    Preferences,
    PreferencesAsked,
    PreferencesSame,
    PreferencesSaved,
    Stopped,
)


def centre(visit: Visit, language: str, stands: Mapping[str, str]) -> Response:
    context = Preferences(
        link=visit.preferences,
        query=visit.query,
        masked=visit.masked,
        action=visit.path_to_preferences(),
        was=stands,
        to={name: marked(word) for name, word in stands.items()},
        now=_beside(stands, language),
    )
    return _page("preferences", visit, language, context)


def trouble(visit: Visit, language: str, choices: Choices) -> Response:
    """Nothing was recorded that we know of: the same form, with all that was chosen."""
    context = Preferences(
        link=visit.preferences,
        query=visit.query,
        masked=visit.masked,
        action=visit.path_to_preferences(),
        was={name: chosen(word, choices.to[name]) for name, word in choices.was.items()},
        to={name: choices.to[name] or marked(word) for name, word in choices.was.items()},
        now=_beside(choices.was, language),
    )
    return _page("preferences-trouble", visit, language, context, 503)


def same(visit: Visit, language: str) -> Response:
    return _page(
        "preferences-same", visit, language, PreferencesSame(link=visit.preferences, query=visit.query)
    )


def saved(
    visit: Visit, language: str, choices: Choices, made: Sequence[Decided], stands: Mapping[str, str]
) -> Response:
    now = {name: _now(name, language, choices, stands) for name in choices.was}
    if not made:
        context: Context = PreferencesAsked(
            link=visit.preferences, query=visit.query, masked=visit.masked, now=now
        )
        return _page("preferences-asked", visit, language, context)
    context = PreferencesSaved(**_recorded(visit, language, made[0]), now=now)
    return _page("preferences-saved", visit, language, context)


def stopped(visit: Visit, language: str, decision: Decided) -> Response:
    context = Stopped(
        **_recorded(visit, language, decision), undo=visit.path_to_restoring(), reason=visit.path_to("reason")
    )
    return _page("stopped", visit, language, context)


def confirm(visit: Visit, language: str, agreement: str) -> Response:
    context = Confirm(
        link=f"/c/{visit.token}",
        query=visit.query,
        masked=visit.masked,
        agreement=_title(visit, agreement, language),
        action=visit.path_to_confirming(),
    )
    return _page("confirm", visit, language, context)


def confirmed(visit: Visit, language: str, agreement: str, decision: Decided) -> Response:
    context = ConfirmedIn(
        **{**_recorded(visit, language, decision), "link": f"/c/{visit.token}"},
        agreement=_title(visit, agreement, language),
        centre=visit.preferences,
    )
    return _page("confirmed", visit, language, context)


def confirm_late(visit: Visit, language: str, _agreement: str) -> Response:
    context = ConfirmLate(
        link=f"/c/{visit.token}",
        query=visit.query,
        centre=visit.preferences,
    )
    return _page("confirm-late", visit, language, context, 409)


def out_of_order() -> Response:
    return answer.problem("trouble", 503, **{"Retry-After": answer.RETRY_AFTER})


def _now(name: str, language: str, choices: Choices, stands: Mapping[str, str]) -> str:
    """An agreement that was left as it stood may have been switched meanwhile, in another window say."""
    word = site().pages.word
    if name in choices.asked:
        return word(language, "now-asked")
    if name in choices.decided:
        return word(language, f"now-{choices.to[name]}")
    stood = stands.get(name) or choices.was[name]
    return said(stood, language, site().catalogues) or word(language, f"now-{state(stood) or 'unknown'}")


def _beside(stands: Mapping[str, str], language: str) -> dict[str, str]:
    return {name: said(word, language, site().catalogues) for name, word in stands.items()}


def _title(visit: Visit, agreement: str, language: str) -> str:
    if agreement == SCOPE:
        return site().pages.word(language, "newsletter")
    custom: CustomAgreement = next(each for each in visit.workspace.agreements if each.name == agreement)
    titles = custom.title
    return titles.get(language) or titles.get(visit.workspace.language) or next(iter(titles.values()))


def _recorded(visit: Visit, language: str, decision: Decided) -> dict[str, str]:
    return {**recorded(visit, language, decision), "link": visit.preferences}


def _page(name: PageName, visit: Visit, language: str, context: Context, status: int = 200) -> Response:
    return answer.page(name, visit.link.workspace, language, context, status)
