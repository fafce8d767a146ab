"""The vendor's Python SDK as these tests use it: one way to write a test for both of its clients, and
a record of what of its public surface was used."""

import asyncio
import inspect
import threading

from scrapingpros import AsyncBatch, AsyncClient, Batch, SyncClient

# Names of methods and properties, by the class they were used on.
USED: dict[type, set[str]] = {SyncClient: set(), AsyncClient: set(), Batch: set(), AsyncBatch: set()}


class Judge:
    """A client or batch of the SDK. The asynchronous ones are waited for, so that a test reads the
    same for both; nothing else stands between the test and the SDK."""

    def __init__(self, inner, loop=None):
        self._inner = inner
        self._loop = loop

    def __getattr__(self, name):
        if type(self._inner) in USED:
            USED[type(self._inner)].add(name)
        value = getattr(self._inner, name)
        if not callable(value):
            return value
        return lambda *args, **kwargs: self._told(value(*args, **kwargs))

    def _told(self, value):
        if inspect.isawaitable(value):
            value = self._wait(value)
        if inspect.isasyncgen(value):
            return self._each(value)
        if isinstance(value, (Batch, AsyncBatch)):
            return Judge(value, self._loop)
        if isinstance(value, (list, tuple)) and any(isinstance(part, (Batch, AsyncBatch)) for part in value):
            return type(value)(self._told(part) for part in value)
        return value

    def _each(self, stream):
        try:
            while True:
                try:
                    yield self._wait(anext(stream))
                except StopAsyncIteration:
                    return
        finally:
            self._wait(stream.aclose())

    def _wait(self, awaitable):
        async def whole():
            return await awaitable

        return asyncio.run_coroutine_threadsafe(whole(), self._loop).result()


class Loop:
    """An event loop on a thread of its own."""

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        return self.loop

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


def public_surface(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}
