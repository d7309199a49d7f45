"""What came of a workspace's newest job, as long as it is still so."""

from resign.console.themes.drafts import Standing
from resign.console.themes.jobs import Job


def outcome(job: Job | None, now: Standing) -> Job | None:
    """A publication counts while it is worn and nothing newer was begun, a check while its draft is there."""
    if job is None or job.state == "running":
        return job
    worn = now.worn.publication if now.worn else 0
    if job.publication is not None:
        return job if job.publication == worn and not now.is_changed else None
    if job.kind == "wear":
        return job if job.found == worn else None
    is_same = job.digest == now.source.digest
    return job if now.is_changed and (is_same or job.state == "refused") else None


def noted(job: Job | None, now: Standing) -> str:
    """The note that somebody typed for a draft which is not published yet."""
    is_of_draft = job is not None and job.kind != "wear" and job.publication is None
    return job.note if job is not None and is_of_draft and now.is_changed else ""
