"""The bare loop that `links push` is compared with: ready-made batches, as many threads, nothing else."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from resign.bench.fault import BenchFault
from resign.bench.sandbox import log_in


def post_all(address: str, api_key: str, folder: Path, threads: int) -> None:
    """Posts each file of the folder. They are all in memory before the first is sent."""
    bodies = [file.read_bytes() for file in sorted(folder.iterdir())]
    headers = {
        "Api-Version": "4.4",
        "Content-Type": "application/json",
        "Authorization": f"Bearer {log_in(address, api_key)}",
    }
    limits = httpx.Limits(max_connections=threads, max_keepalive_connections=threads)
    with (
        httpx.Client(base_url=address, headers=headers, limits=limits, trust_env=False, timeout=60) as client,
        ThreadPoolExecutor(threads) as pool,
    ):
        for status in pool.map(
            lambda body: client.post("/v4/clients/batch", content=body).status_code, bodies
        ):
            if status != httpx.codes.ACCEPTED:
                raise BenchFault(f"the sandbox answered {status}")


if __name__ == "__main__":
    # In a process of its own, as the command is.
    _address, _key, _folder, _threads = sys.argv[1:]
    post_all(_address, _key, Path(_folder), int(_threads))
