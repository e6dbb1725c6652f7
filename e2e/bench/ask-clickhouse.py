"""Loads events into ClickHouse (chdb) and times its answers: ask-clickhouse.py PARQUET ROUNDS, questions as JSON lines on standard input."""
import json
import sys
import tempfile
import time

from chdb import session

parquet, rounds = sys.argv[1], int(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    click = session.Session(folder)
    click.query("CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic")
    click.query("USE bench")
    click.query("CREATE TABLE events (key UInt32, type UInt8, time UInt64, product UInt32) ENGINE = MergeTree ORDER BY (key, time)")
    click.query(f"INSERT INTO events SELECT key, type, time, product FROM file('{parquet}', Parquet)")
    click.query("OPTIMIZE TABLE events FINAL")
    for line in sys.stdin:
        sql = json.loads(line)
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            answer = str(click.query(sql)).strip()
            times.append((time.perf_counter() - started) * 1000)
        print(json.dumps({"answer": int(answer), "ms": min(times), "first": times[0]}), flush=True)
    click.close()
