# One check a line: name, then an expression that must be true. Run in a session restored from a snapshot of make-state.py.
def drive(awaitable):
    try:
        while True: awaitable.send(None)
    except StopIteration as stop: return stop.value
CHECKS = {
    "function": lambda: triple(2) == 6 and tripled(2) == 20 and triple.__kwdefaults__ == {"times": 3},
    "object and identity": lambda: point.length == 5.0 and id(point) == point_id and isinstance(point, Point),
    "class registry": lambda: Shape.kinds == ["Point", "Dynamic"] and type("New", (Shape,), {}).__name__ in Shape.kinds,
    "dataclass": lambda: Item(1) < Item(2) and Item(1).tags == [] and Item(3).name == "n",
    "enum": lambda: Color(1) is Color.RED,
    "closure": lambda: step() == 3,
    "mutable default": lambda: collect_into(9) == 3,
    "suspended generator": lambda: sums.send(5) == 15,
    "generator's finally": lambda: (sums.close(), closed == [15])[1],
    "yield from": lambda: list(nest) == [11, 20, 21],
    "coroutine": lambda: drive(waiting) == 5,
    "async generator": lambda: first_down == 3 and drive(down.__anext__()) == 2,
    "long text": lambda: len(text) == 8 * 2**20 and text[0] == "L" and text.count("x") == len(text) - 1,
    "wide text": lambda: hashlib.sha256(wide.encode()).hexdigest() == wide_hash,
    "numbers": lambda: sum(numbers) == 19999900000 and big == 7 ** 5000,
    "dicts and sets": lambda: table["k500"] == 500 and ("a", 5) in pairs and list(ordered)[1] == "k1",
    "order of a set": lambda: list(pairs) == pair_order,
    "collections": lambda: list(window) == [4, 5, 6, 7, 8] and counts["s"] == 4 and lists["y"] == [] and row.b == 2 and chained["b"] == 2,
    "shared reference": lambda: twins[0] is twins[1] is shared and loop[0] is loop,
    "iterators": lambda: next(numbers_left) == 1 and next(zipped) == (1, "b") and next(mapped) == "1" and next(counted) == 8,
    "tee and groupby": lambda: next(tee_a) == 1 and next(tee_b) == 0 and next(grouped)[0] == "b",
    "regular expressions": lambda: match.group(1) == "bob" and next(found).group() == "c@d" and mail.sub("X", "a@b") == "X",
    "random": lambda: random.random() == expected_random,
    "own random": lambda: own_random.gauss(0, 1) == own_expected,
    "datetime": lambda: moment.isoformat() == "2026-01-02T03:04:05.000006+05:30",
    "decimal and fraction": lambda: len(str(third)) == 52 and decimal.getcontext().prec == 50 and half * 2 == 1,
    "uuid and struct": lambda: str(unique) == unique_text and struct.unpack("<IhQ", packed) == (1, -2, 3),
    "hash under way": lambda: (digest.update(b"d"), digest.hexdigest() == hashlib.sha256(b"abcd").hexdigest())[1],
    "memoryview and array": lambda: bytes(view) == b"el" and sum(reals) == 1500 and heapq.heappop(heap) == 1,
    "weak references": lambda: weak() is point and by_name["p"] is point,
    "contexts": lambda: other_context[context] == 10 and context.get() in (0, 9),
    "locks": lambda: lock.locked() and again.acquire(blocking=False) and event.is_set() and local.value == "here",
    "cache": lambda: fib.cache_info().currsize == 101 and kind(1) == "int" and kind("") == "any",
    "exception": lambda: caught.args == ("gone",) and caught.__traceback__.tb_lineno == caught_line,
    "exception group": lambda: [type(each) for each in group.exceptions] == [ValueError, TypeError],
    "text and bytes in memory": lambda: lines.read() == "def\n" and raw.read() == b"345",
    "descriptor's twin": lambda: os.lseek(twin, 0, 1) == os.lseek(file.fileno(), 0, 1),
    "file position": lambda: file.tell() == position and file.read() == "two\nthree\n",
    "unflushed buffer": lambda: (unflushed.close(), open("/tmp/fidelity/unflushed").read() == "only in a buffer")[1],
    "file tree": lambda: open("/tmp/fidelity/link", "rb").read() == bytes(range(256)) * 4096 and os.readlink("/tmp/fidelity/link") == "/tmp/fidelity/deep/blob",
    "file modes and times": lambda: os.stat("deep/blob").st_mode & 0o777 == 0o640 and os.stat("deep/blob").st_mtime == 2000 and os.stat("deep/blob").st_ino == inode,
    "unlinked file": lambda: (gone.seek(0), gone.read() == "still here")[1] and not os.path.exists("/tmp/fidelity/gone"),
    "pipe": lambda: os.read(read_end, 100) == b"in the pipe" and os.write(write_end, b"x") == 1,
    "directory and umask": lambda: os.getcwd() == "/tmp/fidelity" and os.umask(0o027) == 0o027,
    "environment": lambda: os.environ["FIDELITY"] == "kept",
    "interpreter settings": lambda: sys.getrecursionlimit() == 1234 and sys.path[-1] == "/tmp/fidelity" and sys.excepthook is traced_hook and not gc.isenabled(),
    "own module": lambda: own_module.answer() == 100 and sys.modules["own_module"] is own_module,
    "dynamic code": lambda: space["hidden"]() == "hidden" and dynamic.seven() == 7 and made.nested["k"] == "v",
    "hash seed and clocks": lambda: hash("some text") == text_hash and time.monotonic() >= started,
    "database in memory": lambda: cursor.fetchone()[0] == 2 and memory_db.execute("select count(*) from t").fetchone()[0] == 1000,
    "database in a file": lambda: (file_db.commit(), file_db.execute("select count(*) from t").fetchone()[0] == 2)[1],
    "compressors and parsers": lambda: zlib.decompress(squeezed + squeeze.flush()) == b"hello" * 1000 and bz2.decompress(bz_part + bz.flush()) == b"bz" and lzma.decompress(xz_part + xz.flush()) == b"xz" and tree[0].get("x") == "1" and next(reader) == ["c", "d"] and pickle.loads(pickled) == {"a": [1, 2]} and __import__("statistics").mean([1, 2, 3]) == 2,
}
outcomes = {}
for name, check in CHECKS.items():
    try: outcomes[name] = bool(check())
    except BaseException as error: outcomes[name] = f"{type(error).__name__}: {error}"
print(json.dumps({"checks": len(outcomes), "failed": {name: outcome for name, outcome in outcomes.items() if outcome is not True}}))
