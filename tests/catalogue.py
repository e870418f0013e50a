#!/usr/bin/python3
"""catalogue.py MUDLARK SOURCE: every statement and table against what a
distributed Postgres (Citus) refuses.

Each statement of schema/query is prepared on a migrated private server, which
prints its analysed tree (debug_print_parse): names are resolved, nothing is
guessed from text. Tables are looked up in schema/families.tsv. What is refused:

  recursive    WITH RECURSIVE over a distributed table
  grouping     ROLLUP, CUBE, GROUPING SETS over one
  join         a join of two families, or of one family not by its key
  correlated   a correlated subquery into another family, or not by the key
  lock         FOR UPDATE, SKIP LOCKED on a distributed table without one key
  clock        now() in ON CONFLICT DO UPDATE, clock_timestamp() in UPDATE
  key          UPDATE of the key of a distributed table
  unique, foreign, trigger, partition   in the tables themselves

Breaches that stand are in tests/catalogue.txt, each with its reason; a breach
that is not there fails, and so does a line that no longer is one.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.setrecursionlimit(20000)
SAMPLES = [
    ("SELECT body FROM content JOIN post USING (content_id)", None),
    ("SELECT 1 FROM content c, post p WHERE c.content_id = $1::uuid AND "
     "p.content_id = $1::uuid", None),
    ("SELECT 1 FROM content c, post p WHERE p.title_id = c.content_id", "join"),
    ("SELECT 1 FROM post p JOIN entity e ON e.entity_id = p.seller_id", "join"),
    ("SELECT 1 FROM post JOIN thread USING (thread_id)", None),
    ("SELECT 1 FROM (SELECT content_id FROM post UNION ALL SELECT content_id "
     "FROM part) s", None),
    ("SELECT 1 FROM (SELECT content_id FROM post UNION ALL SELECT content_id "
     "FROM part) s JOIN content USING (content_id)", None),
    ("SELECT 1 FROM (SELECT post_id AS x FROM post UNION ALL SELECT post_id "
     "FROM part) s JOIN content ON x = content_id", "join"),
    ("WITH c AS (SELECT content_id FROM content) SELECT 1 FROM c JOIN post "
     "USING (content_id)", None),
    ("WITH c AS (SELECT entity_id FROM entity) SELECT 1 FROM c JOIN post ON "
     "seller_id = entity_id", "join"),
    ("WITH RECURSIVE r AS (SELECT dst FROM claim WHERE src = $1::uuid UNION "
     "SELECT c.dst FROM r JOIN claim c ON c.src = r.dst) SELECT 1 FROM r",
     "recursive"),
    ("SELECT 1 FROM post GROUP BY ROLLUP (state, rank)", "grouping"),
    ("SELECT 1 FROM post p WHERE EXISTS (SELECT FROM entity e WHERE "
     "e.entity_id = p.seller_id)", "correlated"),
    ("SELECT 1 FROM post p WHERE EXISTS (SELECT FROM part q WHERE "
     "q.content_id = p.content_id)", None),
    ("SELECT 1 FROM post p WHERE (SELECT count(*) FROM part q WHERE "
     "q.post_id = p.post_id) > 1", "correlated"),
    ("SELECT 1 FROM content FOR UPDATE SKIP LOCKED", "lock"),
    ("SELECT 1 FROM content WHERE content_id = $1::uuid FOR UPDATE", None),
    ("SELECT 1 FROM job FOR UPDATE SKIP LOCKED", None),
    ("INSERT INTO entity VALUES ($1::uuid, 1, '', '', '', now(), now()) ON "
     "CONFLICT (entity_id) DO UPDATE SET last_seen = now()", "clock"),
    ("INSERT INTO entity VALUES ($1::uuid, 1, '', '', '', now(), now()) ON "
     "CONFLICT (entity_id) DO UPDATE SET last_seen = excluded.last_seen",
     None),
    ("UPDATE entity SET last_seen = clock_timestamp()", "clock"),
    ("UPDATE entity SET last_seen = now()", None),
    ("UPDATE post SET content_id = $1::uuid", "key"),
    ("DELETE FROM post p USING entity e WHERE e.entity_id = p.author_id",
     "join"),
]
EQUAL = {"2972", "96", "98"}  # uuid, int4, text
NOW, CLOCK = "1299", "2649"
TOKEN = re.compile(r'[(){}]|"(?:[^"\\]|\\.)*"|(?:\\.|[^\s(){}\\])+')


def tree(text):
    """The node that PostgreSQL's nodeToString wrote: dicts, lists, strings."""
    tokens = TOKEN.findall(text)
    at = 0

    def value():
        nonlocal at
        token = tokens[at]
        at += 1
        if token == "(":
            out = []
            while tokens[at] != ")":
                out.append(value())
            at += 1
            return out
        if token != "{":
            return token
        out = {"node": tokens[at]}
        at += 1
        while tokens[at] != "}":
            name = tokens[at][1:]
            at += 1
            some = []
            while tokens[at] != "}" and not re.match(r":[a-z]", tokens[at],
                                                     re.I):
                some.append(value())
            out[name] = some[0] if len(some) == 1 else some
        at += 1
        return out

    return value()


def items(value):
    return value if isinstance(value, list) else []


def nodes(value, stop=("QUERY",)):
    """All nodes below, not into those of kinds in stop (which are given)."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(one)
        elif isinstance(one, dict):
            yield one
            if one["node"] not in stop:
                todo.extend(v for k, v in one.items() if k != "node")


class Union:
    def __init__(self):
        self.up = {}

    def find(self, x):
        while self.up.get(x, x) != x:
            x = self.up[x]
        return x

    def join(self, a, b):
        self.up[self.find(a)] = self.find(b)


class Level:
    """A query, the levels around it, and the tables that it reads."""

    def __init__(self, query, outer, tables):
        self.query, self.outer, self.tables = query, outer, tables
        self.rtable = items(query["rtable"])
        self.kids = {}

    def kid(self, query):
        if id(query) not in self.kids:
            self.kids[id(query)] = Level(query, self, self.tables)
        return self.kids[id(query)]

    def above(self, n):
        level = self
        for _ in range(n):
            level = level.outer
        return level

    def subquery(self, entry):
        """The level that a subquery or a CTE of the FROM list is."""
        if entry["rtekind"] == "1":
            return self.kid(entry["subquery"])
        if entry["rtekind"] != "6" or entry["self_reference"] == "true":
            return None
        home = self.above(int(entry["ctelevelsup"]))
        for cte in items(home.query["cteList"]):
            if cte["ctename"] == entry["ctename"]:
                return home.kid(cte["ctequery"])
        return None

    def from_list(self):
        if self.query["setOperations"] != "<>":
            tree_, insert = self.query["setOperations"], False
        else:
            tree_ = self.query["jointree"]
            insert = self.query["commandType"] == "3"
        out = {int(n["rtindex"]) for n in nodes(tree_)
               if n["node"] == "RANGETBLREF"}
        result = int(self.query["resultRelation"])
        return out - {result} if insert else \
            out | ({result} if result else set())

    def part(self, i):
        """Distributed tables behind one entry of the FROM list."""
        entry = self.rtable[i - 1]
        if entry["rtekind"] == "0":
            return [(id(self.query), i, entry["relid"])] \
                if entry["relid"] in self.tables else []
        sub = self.subquery(entry)
        return sub.units() if sub else []

    def units(self):
        """Distributed tables that are read here, as (level, index, table)."""
        return [u for i in sorted(self.from_list()) for u in self.part(i)]

    def key(self, var):
        """The units whose key this column is."""
        if not isinstance(var, dict):
            return []
        if var["node"] == "RELABELTYPE":
            return self.key(var["arg"])
        if var["node"] != "VAR":
            return []
        level = self.above(int(var["varlevelsup"]))
        return level.column(int(var["varno"]), int(var["varattno"]))

    def column(self, no, attribute):
        if no > len(self.rtable) or attribute < 1:
            return []
        entry = self.rtable[no - 1]
        if entry["rtekind"] == "0":
            table = self.tables.get(entry["relid"])
            return [(id(self.query), no, entry["relid"])] \
                if table and table[2] == attribute else []
        if entry["rtekind"] == "2":
            return self.key(items(entry["joinaliasvars"])[attribute - 1])
        sub = self.subquery(entry)
        return sub.output(attribute) if sub else []

    def output(self, no):
        if self.query["setOperations"] != "<>":
            return [u for i in sorted(self.from_list())
                    for u in self.column(i, no)]
        targets = items(self.query["returningList"]) or \
            items(self.query["targetList"])
        if self.query["commandType"] != "1" and \
                self.query["returningList"] == "<>":
            return []
        return self.key(targets[no - 1]["expr"]) if no <= len(targets) else []


class Statement:
    def __init__(self, query, tables):
        self.tables, self.found = tables, set()
        self.same, self.pinned = Union(), set()
        self.top = Level(query, None, tables)
        self.visit(self.top, self.equalities)
        self.visit(self.top, self.check)

    def visit(self, level, act):
        act(level)
        seen = set()
        for node in nodes([v for k, v in level.query.items() if k != "node"]):
            if node["node"] == "QUERY" and id(node) not in seen:
                seen.add(id(node))
                self.visit(level.kid(node), act)

    def equalities(self, level):
        for node in nodes([v for k, v in level.query.items() if k != "node"]):
            if node["node"] == "OPEXPR" and node["opno"] in EQUAL:
                a, b = items(node["args"])
                left, right = level.key(a), level.key(b)
                for unit in left + right:
                    if left and right:
                        self.same.join(left[0], unit)
                    else:
                        self.pin(unit, b if left else a)

    def pin(self, unit, other):
        if other["node"] in ("PARAM", "CONST"):
            self.pinned.add(unit)
            self.same.join(unit, other["node"] + str(
                other.get("paramid", other.get("constvalue"))))

    def apart(self, units):
        """More than one family, or not held together by the key."""
        families = {self.tables[u[2]][1] for u in units}
        return len(families) > 1 or \
            len({self.same.find(u) for u in units}) > 1

    def check(self, level):
        query, units = level.query, level.units()
        if query["hasRecursive"] == "true" and units:
            self.found.add("recursive")
        if query["groupingSets"] != "<>" and units:
            self.found.add("grouping")
        parts = [level.part(i) for i in level.from_list()]
        if query["setOperations"] == "<>" and self.apart(units) and \
                sum(1 for part in parts if part) > 1:
            self.found.add("join")
        for mark in items(query["rowMarks"]):
            for unit in units:
                if unit[:2] == (id(query), int(mark["rti"])) and \
                        unit not in self.pinned:
                    self.found.add("lock")
        self.check_links(level, units)
        self.check_change(level)

    def check_links(self, level, units):
        query = level.query
        for node in nodes([v for k, v in query.items() if k != "node"]):
            if node["node"] != "SUBLINK":
                continue
            sub = level.kid(node["subselect"])
            if self.correlated(sub) and sub.units() and units and \
                    self.apart(units + sub.units()):
                self.found.add("correlated")

    @staticmethod
    def correlated(level):
        def looks_out(value, depth):
            for node in nodes(value):
                if node["node"] == "VAR" and int(node["varlevelsup"]) > depth:
                    return True
                if node["node"] == "QUERY" and looks_out(
                        [v for k, v in node.items() if k != "node"],
                        depth + 1):
                    return True
            return False

        return looks_out([v for k, v in level.query.items() if k != "node"],
                         0)

    def check_change(self, level):
        query = level.query
        result = int(query["resultRelation"])
        if not result:
            return
        table = self.tables.get(level.rtable[result - 1].get("relid"))
        if not table:
            return
        conflict = query["onConflict"]
        if conflict != "<>" and self.calls(conflict, NOW):
            self.found.add("clock")
        if query["commandType"] == "2":
            if self.calls([query["targetList"], query["jointree"]], CLOCK):
                self.found.add("clock")
            if any(int(t["resno"]) == table[2] and t["resjunk"] == "false"
                   for t in items(query["targetList"])):
                self.found.add("key")

    @staticmethod
    def calls(value, function):
        return any(n.get("funcid") == function or (
            function == NOW and n["node"] == "SQLVALUEFUNCTION")
            for n in nodes(value, ()))


class Server:
    def __init__(self, mudlark, path):
        self.path, self.mudlark = path, mudlark
        self.home = os.path.join(path, "home")
        env = dict(os.environ, MUDLARK_HOME=self.home)
        env.pop("MUDLARK_DSN", None)
        self.env = env
        subprocess.run([mudlark, "db", "start", "--quiet"], env=env,
                       check=True, stdout=subprocess.DEVNULL)

    def psql(self, script):
        found = shutil.which("psql", path="/usr/lib/postgresql/15/bin:" +
                             os.environ.get("PATH", ""))
        out = subprocess.run(
            [found, "-X", "-q", "-A", "-t", "-F", "\t", "-h",
             os.path.join(self.home, "run"), "-U", "mudlark", "mudlark"],
            input=script, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        if out.returncode:
            sys.exit("psql: " + out.stderr)
        return out

    def rows(self, sql):
        return [line.split("\t") for line in
                self.psql(sql).stdout.splitlines()]

    def stop(self):
        subprocess.run([self.mudlark, "db", "stop", "--quiet"], env=self.env,
                       stdout=subprocess.DEVNULL)


def families(source):
    out = {}
    for line in open(os.path.join(source, "schema", "families.tsv"),
                     encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            table, family, key = line.rstrip("\n").split("\t")
            out[table] = (family, key)
    return out


def distributed(server, listed, problems):
    """{oid: (table, family, number of the key)} of distributed tables."""
    out, there = {}, set()
    for oid, table in server.rows(
            "SELECT oid, relname FROM pg_class WHERE relkind IN ('r', 'p') AND"
            " relnamespace = 'mud'::regnamespace AND NOT relispartition"):
        there.add(table)
        if table not in listed:
            problems.append("schema/families.tsv lacks table %s" % table)
        elif listed[table][1] != "-":
            found = server.rows(
                "SELECT attnum FROM pg_attribute WHERE attrelid = %s AND "
                "attname = '%s'" % (oid, listed[table][1]))
            if not found:
                problems.append("%s has no column %s" % (table,
                                                         listed[table][1]))
            else:
                out[oid] = (table, listed[table][0], int(found[0][0]))
    for table in sorted(set(listed) - there):
        problems.append("schema/families.tsv: there is no table %s" % table)
    return out


def table_breaches(server, tables, listed):
    """What is refused in the tables themselves."""
    key = {table: number for table, _, number in tables.values()}
    found = set()
    for table, columns in server.rows(
            "SELECT c.relname, i.indkey::text FROM pg_index i JOIN pg_class c "
            "ON c.oid = i.indrelid WHERE i.indisunique AND c.relnamespace = "
            "'mud'::regnamespace"):
        if table in key and str(key[table]) not in columns.split():
            found.add(("table " + table, "unique"))
    for table, to, columns, at in server.rows(
            "SELECT a.relname, b.relname, conkey::text, confkey::text FROM "
            "pg_constraint JOIN pg_class a ON a.oid = conrelid JOIN pg_class b"
            " ON b.oid = confrelid WHERE contype = 'f' AND a.relnamespace = "
            "'mud'::regnamespace"):
        kinds = [listed.get(t, ("local",))[0] for t in (table, to)]
        if kinds[1] == "reference" or kinds[0] == kinds[1] == "local":
            continue
        if kinds[0] != kinds[1] or columns != "{%s}" % key.get(table) or \
                at != "{%s}" % key.get(to):
            found.add(("table " + table, "foreign"))
    for table, in server.rows(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON "
            "c.oid = tgrelid WHERE NOT tgisinternal AND c.relnamespace = "
            "'mud'::regnamespace"):
        if table in key:
            found.add(("table " + table, "trigger"))
    for table, in server.rows(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = "
            "i.inhrelid WHERE c.relkind = 'p'"):
        found.add(("table " + table, "partition"))
    return found


def statement_breaches(server, source, tables, problems):
    folder = os.path.join(source, "schema", "query")
    names = sorted(n[:-4] for n in os.listdir(folder) if n.endswith(".sql"))
    return read_all(server, [
        (name, open(os.path.join(folder, name + ".sql"),
                    encoding="utf-8").read()) for name in names],
        tables, problems)


def read_all(server, statements, tables, problems):
    script = ["SET search_path = mud, pg_temp; SELECT mud.stage(), "
              "mud.stage_actors(), mud.stage_similars();"
              "SET client_min_messages = log; SET debug_pretty_print = off;"]
    for name, text in statements:
        script.append("\\warn @@@ %s\nSET debug_print_parse = on;\n"
                      "PREPARE %s AS %s;\nSET debug_print_parse = off;"
                      % (name, name, text))
    found = set()
    for part in server.psql("\n".join(script)).stderr.split("@@@ ")[1:]:
        name, _, rest = part.partition("\n")
        trees = [tree(t) for t in re.findall(
            r"LOG:  parse tree:\nDETAIL:  (\{QUERY.*?\})\n(?:\n|\Z|LOG|@)",
            rest, re.S)]
        trees = [t for t in trees if t["commandType"] != "6"]
        if "ERROR" in rest or len(trees) != 1:
            problems.append("%s was not read: %s" % (name, rest[:300]))
            continue
        found |= {(name, what) for what in Statement(trees[0], tables).found}
    return found


def check(server, source):
    problems, listed = [], families(source)
    tables = distributed(server, listed, problems)
    found = table_breaches(server, tables, listed) | \
        statement_breaches(server, source, tables, problems)
    known = set()
    for line in open(os.path.join(source, "tests", "catalogue.txt"),
                     encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            name, what, _ = line.split("\t", 2)
            known.add((name, what))
    problems += ["%s\t%s\tis refused by a distributed Postgres" % pair
                 for pair in sorted(found - known)]
    problems += ["%s\t%s\tno longer is: tests/catalogue.txt" % pair
                 for pair in sorted(known - found)]
    problems += samples(server, tables) + spread(source, listed)
    return problems


def spread(source, listed):
    """schema/citus.sql does what the list says."""
    text = open(os.path.join(source, "schema", "citus.sql"),
                encoding="utf-8").read()
    told, first = {}, {}
    for table, key, by in re.findall(
            r"create_\w+_table\('mud\.(\w+)'(?:, '(\w+)',\s+colocate_with => "
            r"'(?:mud\.)?(\w+)')?\)\nWHERE NOT EXISTS \(SELECT FROM "
            r"pg_dist_partition\n    WHERE logicalrelid = 'mud\.\1'::", text):
        family = listed.get(table, ("-",))[0]
        if key and by != first.setdefault(family, "none"):
            return ["schema/citus.sql: %s is not beside its family" % table]
        if key and by == "none":
            first[family] = table
        told[table] = key or "reference"
    want = {t: k if k != "-" else "reference"
            for t, (f, k) in listed.items() if k != "-" or f == "reference"}
    return ["schema/citus.sql and families.tsv differ in %s" % t
            for t in sorted(set(told) | set(want))
            if told.get(t) != want.get(t)]


def samples(server, tables):
    """What is to be found, and what is not, so that the rest means something."""
    problems = []
    found = read_all(server, [("sample_%d" % i, sql)
                              for i, (sql, _) in enumerate(SAMPLES)],
                     tables, problems)
    return problems + ["not %s: %s" % (want or "allowed", sql)
            for i, (sql, want) in enumerate(SAMPLES)
            if {w for n, w in found if n == "sample_%d" % i} !=
            ({want} if want else set())]


def main():
    path = tempfile.mkdtemp(prefix="mud-catalogue-")
    os.chmod(path, 0o755)
    server = Server(sys.argv[1], path)
    try:
        problems = check(server, sys.argv[2])
    finally:
        server.stop()
        shutil.rmtree(path, ignore_errors=True)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
