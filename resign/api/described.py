"""What the API says of itself: its description, and its types of problems. Anybody may read them."""

from flask import Response, current_app
from pydantic import ConfigDict, Field

from resign.api.model import Answered
from resign.api.problems import KINDS, PLACE
from resign.api.taken import JSON

TEXT = "DESCRIPTION"


class Description(Answered):
    """An OpenAPI document."""

    model_config = ConfigDict(extra="allow")

    openapi: str = Field(description="The version of OpenAPI, 3.1.")


class ProblemType(Answered):
    """One type of problem."""

    type: str = Field(description="As it stands in a problem.")
    status: int = Field(description="The status that comes with it.")
    title: str = Field(description="The type in a few words.")
    meaning: str = Field(description="What to do about it.")


class ProblemTypes(Answered):
    """All types of problems."""

    problems: list[ProblemType] = Field(description="By name.")


def show_description() -> Response:
    return Response(current_app.config[TEXT], mimetype=JSON)


def show_problems() -> Response:
    found = [
        ProblemType(type=f"{PLACE}#{name}", status=kind.status, title=kind.title, meaning=kind.meaning)
        for name, kind in KINDS.items()
    ]
    return Response(ProblemTypes(problems=found).model_dump_json(), mimetype=JSON)
