"""Celery tasks of the kernel: each calls one action."""

from celery import shared_task

from party_hub.chain import Step, hand_over


@shared_task(name=str(Step.PUBLISH_SNAPSHOT))
def publish_snapshot(actor: str = "system:snapshot") -> int:
    """Tell everything as it stands once more."""
    from party_hub.actions.publish_snapshot import publish_snapshot

    return publish_snapshot(actor=actor)


@shared_task(name=str(Step.REBUILD))
def rebuild(actor: str) -> int:
    """Work out every party anew, after a rule or a source's trust has changed; gives how many parties that changed."""
    from party_hub.actions.rebuild_all import rebuild_all

    return rebuild_all(actor=actor).clusters_changed


@shared_task(name="party_hub.close_expired")
def close_expired() -> int:
    """Close decisions and pins whose time is up; gives how many parties that changed."""
    from party_hub.actions.expire import close_expired

    resolution = close_expired()
    if resolution.records:
        hand_over(Step.REFRESH_TASKS)
    return resolution.clusters_changed
