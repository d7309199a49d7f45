"""The long run: `python -m tests.faults --opt-outs 10000`. Ends with 1 where anything was lost, or a control lost nothing."""

import argparse
import json
import secrets
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from tests.faults.kinds import BOTH, CONTROLS, KINDS, Kind
from tests.faults.report import holds, line, title
from tests.faults.rig import Rig
from tests.faults.round import Plan, Result, play

_ALL = {**KINDS, **CONTROLS}


def main() -> int:
    asked = _asked()
    # Also whoever ends the run early leaves no process and no mount behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    plan = Plan(
        opt_outs=asked.opt_outs,
        strikes=asked.strikes or max(3, asked.opt_outs // 400),
        clients=asked.clients,
        patient=not asked.impatient,
    )
    _say(f"seed {asked.seed}\n{title()}")
    results: list[Result] = []
    missing: list[str] = []
    for engine in asked.engine or BOTH:
        for kind in _wanted(asked.kind, engine):
            result = _round(kind, engine, plan, asked.seed)
            if result is None:
                missing.append(f"{kind.name} on {engine}")
                _say(f"{kind.name:16} {engine:10}  not here: this machine does not let us mount")
            else:
                results.append(result)
                _say(line(result))
    _write(asked.json, results, missing)
    failed = [result for result in results if not holds(result)]
    _say(f"{len(results)} rounds, {len(failed)} failed, {len(missing)} could not be had here")
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--opt-outs", type=int, default=10_000, help="people who press in each round")
    parser.add_argument("--kind", action="append", choices=sorted(_ALL), help="may be repeated")
    parser.add_argument("--engine", action="append", choices=BOTH, help="may be repeated")
    parser.add_argument("--strikes", type=int, help="faults in each round; one for every 400 people")
    parser.add_argument("--clients", type=int, default=6, help="how many press at once")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    parser.add_argument("--impatient", action="store_true", help="turn the clock on over leases and pauses")
    parser.add_argument("--json", type=Path, help="write the results here too")
    return parser.parse_args()


def _wanted(names: list[str] | None, engine: str) -> list[Kind]:
    return [kind for name, kind in _ALL.items() if name in (names or _ALL) and engine in kind.engines]


def _round(kind: Kind, engine: str, plan: Plan, seed: int) -> Result | None:
    """Each has a system of its own; None where it cannot be had on this machine."""
    with Rig(engine) as rig:
        if kind.needs_disk and rig.disk is None:
            return None
        result = play(rig, kind, plan, seed)
        if not holds(result):
            kept = Path(f"faults-{kind.name}-{engine}-{seed}.log")
            kept.write_bytes(rig.log.read_bytes())
        return result


def _write(file: Path | None, results: list[Result], missing: list[str]) -> None:
    if file is not None:
        rounds = [{**asdict(each), "lost": each.tally.lost, "holds": holds(each)} for each in results]
        file.write_text(json.dumps({"rounds": rounds, "missing": missing}, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
