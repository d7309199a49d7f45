"""The description holds: schemathesis makes requests of it, good and bad ones, against the running server."""

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import (
    ChecksConfig,
    PositiveDataAcceptanceConfig,
    SchemathesisConfig,
    SimpleCheckConfig,
)
from sqlalchemy import func, select

from resign.api.openapi import describe
from resign.api.routes import ROUTES
from resign.ledger.tables import Decision

# So many requests for each route: a bound for how long it takes, on a machine with much else to do.
_EACH = 8
# What is well-formed and still no address, or an agreement that is not the workspace's, is refused as described.
_SEMANTIC = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "400", "404", "409", "422"])


def test_every_answer_is_one_that_the_description_knows(crm, served, database):
    config = SchemathesisConfig()
    schema = schemathesis.openapi.from_dict(describe(ROUTES), config=config)
    schema.config.update(base_url=served)
    # Requests without a key are slowed down here, and have a test of their own.
    schema.config.checks = ChecksConfig(
        positive_data_acceptance=_SEMANTIC, ignored_auth=SimpleCheckConfig(enabled=False)
    )
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/bulk"):
            continue  # its body is lines, which a schema of one value does not describe
        for mode in schemathesis.GenerationMode:
            asked += ask(operation, mode, crm.key)
    assert asked > _EACH * len(ROUTES)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)), "some were good"


def ask(operation, mode, key: str) -> int:
    count = 0

    @settings(
        max_examples=_EACH, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case) -> None:
        nonlocal count
        count += 1
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, timeout=60)

    try:
        one()
    except Exception as error:
        if type(error).__name__ not in {"Unsatisfiable", "FailedHealthCheck", "SkipTest"}:
            raise
    return count
