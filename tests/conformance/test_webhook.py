"""The call at the end of a run, received on loopback."""

import hashlib
import hmac
from datetime import datetime

import pytest
from conftest import KEY, SHOP, URL, finished


def until_called(client, batch, status):
    """The run, once the state of its call is this."""
    import time

    deadline = time.monotonic() + 20
    while True:
        run = client.get_run(batch.collection_id, batch.run_id)
        if run.callback_status == status:
            return run
        assert time.monotonic() < deadline, f"waited in vain for {status}: {run}"
        time.sleep(0.05)
