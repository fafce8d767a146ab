"""What the engine has stored, changed behind its back: time that passes and accidents can't be asked
for through the API."""

import sqlite3
from contextlib import contextmanager
from pathlib import Path

HOUR = 3600 * 1000


class Stored:
    def __init__(self, folder: str):
        self._folder = Path(folder)

    def webhook_secret(self) -> bytes:
        return (self._folder / "webhook-secret").read_bytes().strip()

    def age(self, job_id: str, hours: float):
        """As if the job had ended so much earlier."""
        earlier = round(hours * HOUR)
        with self._change() as database:
            changed = database.execute(
                "UPDATE jobs SET completed_at = completed_at - ? WHERE public_id = ?", (earlier, job_id)
            )
            assert changed.rowcount == 1
            database.execute(
                "UPDATE results SET completed_at = completed_at - ? WHERE job = (SELECT id FROM jobs WHERE public_id = ?)",
                (earlier, job_id),
            )

    def lose_result(self, job_id: str):
        with self._change() as database:
            changed = database.execute(
                "DELETE FROM results WHERE job = (SELECT id FROM jobs WHERE public_id = ?)", (job_id,)
            )
            assert changed.rowcount == 1

    def tie(self, run_id: str, size: int):
        """Makes jobs of a run end in the same millisecond, `size` at a time, in an order that is not
        that of their insertion."""
        with self._change() as database:
            jobs = database.execute(
                "SELECT id, completed_at FROM jobs WHERE run = (SELECT id FROM runs WHERE public_id = ?) ORDER BY id * 7919 % 1009",
                (run_id,),
            ).fetchall()
            first = min(at for _, at in jobs)
            for place, (job, _) in enumerate(jobs):
                database.execute("UPDATE jobs SET completed_at = ? WHERE id = ?", (first + place // size, job))

    @contextmanager
    def _change(self):
        database = sqlite3.connect(self._folder / "engine.db", timeout=10)
        try:
            with database:
                yield database
        finally:
            database.close()
