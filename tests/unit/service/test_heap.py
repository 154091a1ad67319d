import gc
import os
import signal

from deploy.node import serve as serve_node
from libs.service import Settings
from libs.service.run import serve


async def test_what_is_there_when_services_answer_is_kept_from_the_collector() -> None:
    kept: list[int] = []

    def ready() -> None:
        kept.append(gc.get_freeze_count())
        os.kill(os.getpid(), signal.SIGTERM)

    gc.unfreeze()
    try:
        await serve([], ready)
        gc.unfreeze()
        await serve_node(Settings.model_construct(), (), lambda address: ready())
    finally:
        gc.unfreeze()
    assert len(kept) == 2
    assert all(kept)
