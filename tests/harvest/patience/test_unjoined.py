import asyncio
import subprocess
import sys
import time

import pytest

from harvest.patience.unjoined import UnjoinedThreads


def in_a_loop(work):
    async def scenario():
        loop = asyncio.get_running_loop()
        loop.set_default_executor(UnjoinedThreads())
        return await loop.run_in_executor(None, work)

    return asyncio.run(scenario())


def test_what_is_done_gives_its_result_or_its_error():
    assert in_a_loop(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        in_a_loop(lambda: 1 // 0)


def test_a_thread_that_hangs_holds_no_program():
    script = """if True:
        import asyncio, time
        from harvest.patience.unjoined import UnjoinedThreads

        async def scenario():
            loop = asyncio.get_running_loop()
            loop.set_default_executor(UnjoinedThreads())
            hanging = loop.run_in_executor(None, time.sleep, 60)
            await asyncio.wait({hanging}, timeout=0.1)

        asyncio.run(scenario())
    """
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", script], check=True, timeout=50)
    assert time.monotonic() - began < 30
