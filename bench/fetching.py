"""The part "fetch" of bench/run: pages from nginx on loopback through fetch and
seal, fairness of many hosts, and what sources cost that are not due."""
import os
import signal
import socket
import subprocess
import time

NGINX = "/usr/sbin/nginx"
CONF = """daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000;
  client_body_temp_path {0}/t1; proxy_temp_path {0}/t2;
  fastcgi_temp_path {0}/t3; uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5;
  server {{ listen {1}; root {0}; location / {{ rewrite ^ /page.html break; }} }}
}}
"""
IDLE = """
INSERT INTO mud.source (source_id, name, kind, url, legal_basis, scope, expires_at, created_by)
SELECT i, 'idle-' || i, CASE WHEN i % 4 = 0 THEN 'feed' ELSE 'forum' END,
       'http://forum' || i || '.example/', 'made-up data', '{}',
       now() + interval '1 year', 'bench' FROM generate_series(1, 1000) i;
INSERT INTO mud.health (source_id, next_at)
SELECT source_id, now() + interval '1 hour' FROM mud.source
ON CONFLICT (source_id) DO UPDATE SET next_at = excluded.next_at;
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Nginx:
    """60 KB of page for whatever is asked, on all of 127.0.0.0/8."""

    def __init__(self, folder):
        os.makedirs(folder)
        os.chmod(folder, 0o755)
        self.port = free_port()
        lines = ('<div id="post_%u" class="t_f">%08x%08x</div>\n' % (
            i, i * 2654435761 % 2**32, i * 40503) for i in range(1200))
        with open(os.path.join(folder, "page.html"), "w") as f:
            f.write("".join(lines)[:60 * 1024])
        with open(os.path.join(folder, "conf"), "w") as f:
            f.write(CONF.format(folder, self.port))
        self.process = subprocess.Popen(
            [NGINX, "-c", os.path.join(folder, "conf")],
            stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("nginx does not start: %s/error.log" % folder)

    def end(self):
        self.process.terminate()
        self.process.wait()


def processes():
    """{pid: (parent, ticks of CPU)}."""
    out = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as f:
                rest = f.read().rsplit(")", 1)[1].split()
            out[int(pid)] = int(rest[1]), int(rest[11]) + int(rest[12])
        except OSError:
            pass
    return out


def ticks(roots):
    """Of these processes and all below them."""
    all_of, mine, grown = processes(), set(roots), True
    while grown:
        grown = {p for p, (parent, _) in all_of.items()
                 if parent in mine} - mine
        mine |= grown
    return sum(all_of[p][1] for p in mine if p in all_of)


def idle(mudlark, home, dsn, say, seconds=60):
    subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-c", IDLE, dsn],
                   check=True, stdout=subprocess.DEVNULL)
    env = dict(os.environ, MUDLARK_HOME=home, MUDLARK_DSN=dsn)
    with open(os.path.join(home, "pg", "postmaster.pid")) as f:
        server = int(f.readline())
    work = subprocess.Popen([mudlark, "work", "--quiet"], env=env,
                            stdout=subprocess.DEVNULL)
    time.sleep(20)
    before = ticks([work.pid, server])
    time.sleep(seconds)
    used = ticks([work.pid, server]) - before
    say("1,000 sources that are not due: %.2f %% of a core, with Postgres" % (
        100 * used / os.sysconf("SC_CLK_TCK") / seconds))
    work.send_signal(signal.SIGTERM)
    work.wait()


def fetch(place, program, mudlark, run, say, rounds):
    nginx = Nginx(place.file("nginx"))
    url = "http://127.0.0.1:%d/p" % nginx.port
    dsn = place.fresh("bench_fetch")
    try:
        for _ in range(rounds):
            run(program, "speed", url, "--seal=0", "--pages=20000")
            run(program, "speed", url, "--home=" + place.home, "--dsn=" + dsn)
        run(program, "fair", str(nginx.port))
    finally:
        nginx.end()
    idle(mudlark, place.home, place.fresh("bench_idle"), say)
