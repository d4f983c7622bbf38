# State of every kind that a Python session may hold. check-state.py looks at it after a restore, in another process.
import array, asyncio, bz2, collections, contextvars, csv, dataclasses, datetime, decimal, enum, fractions, functools, gc, hashlib, heapq, io, itertools
import json, lzma, os, pickle, random, re, sqlite3, string, struct, sys, threading, time, types, uuid, weakref, zlib
import xml.etree.ElementTree as ElementTree

def triple(x, *, times=3): return x * times
class Shape:
    kinds = []
    def __init_subclass__(cls, **options): Shape.kinds.append(cls.__name__)
class Point(Shape):
    __slots__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
    @property
    def length(self): return (self.x ** 2 + self.y ** 2) ** 0.5
@dataclasses.dataclass(order=True)
class Item:
    rank: int
    name: str = "n"
    tags: list = dataclasses.field(default_factory=list)
class Color(enum.Enum):
    RED = 1
    BLUE = 2
point = Point(3, 4); point_id = id(point)
def counter():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step
step = counter(); step(); step()
collect_into = lambda value, into=[]: (into.append(value), len(into))[1]
collect_into(1); collect_into(2)
closed = []
def summing():
    total = 0
    try:
        while True: total += (yield total)
    finally: closed.append(total)
sums = summing(); next(sums); sums.send(10)
def nested():
    for i in range(3): yield from (i * 10 + j for j in range(2))
nest = nested(); next(nest); next(nest); next(nest)
async def five(): return 5
waiting = five()
async def countdown():
    for i in (3, 2, 1): yield i
down = countdown()
try: down.__anext__().send(None)
except StopIteration as stop: first_down = stop.value
text = "L" + "x" * (8 * 2**20 - 1)
wide = "Ωμέγα 😀 " * 100_000; wide_hash = hashlib.sha256(wide.encode()).hexdigest()
numbers = list(range(200_000)); big = 7 ** 5000
table = {f"k{i}": i for i in range(1000)}; pairs = {("a", i) for i in range(1000)}; pair_order = list(pairs)
ordered = collections.OrderedDict(table); window = collections.deque(range(9), maxlen=5); counts = collections.Counter("mississippi"); lists = collections.defaultdict(list); lists["z"].append(1)
Row = collections.namedtuple("Row", "a b"); row = Row(1, b=2); chained = collections.ChainMap({"a": 1}, {"b": 2})
shared = []; twins = (shared, shared); loop = []; loop.append(loop)
numbers_left = iter(numbers); next(numbers_left); zipped = zip(range(9), "abc"); next(zipped); mapped = map(str, range(9)); next(mapped); counted = itertools.count(7); next(counted)
tee_a, tee_b = itertools.tee(range(5)); next(tee_a); grouped = itertools.groupby("aabbc"); next(grouped)
mail = re.compile(r"(\w+)@(\w+)"); match = mail.search("to bob@home now"); found = mail.finditer("a@b c@d e@f"); next(found)
random.seed(42); random.random(); expected_random = (lambda saved: (random.random(), random.setstate(saved)))(random.getstate())[0]; own_random = random.Random(7); own_random.random(); own_expected = (lambda saved: (own_random.gauss(0, 1), own_random.setstate(saved)))(own_random.getstate())[0]
moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone(datetime.timedelta(hours=5.5)))
decimal.getcontext().prec = 50; third = decimal.Decimal(1) / 3; half = fractions.Fraction(1, 2)
unique = uuid.uuid4(); unique_text = str(unique); digest = hashlib.sha256(b"abc"); packed = struct.Struct("<IhQ").pack(1, -2, 3)
view = memoryview(bytearray(b"hello"))[1:3]; reals = array.array("d", [1.5] * 1000); heap = [5, 1, 3]; heapq.heapify(heap)
weak = weakref.ref(point); by_name = weakref.WeakValueDictionary(p=point)
context = contextvars.ContextVar("context", default=0); context.set(9); other_context = contextvars.copy_context(); other_context.run(context.set, 10)
lock = threading.Lock(); lock.acquire(); again = threading.RLock(); again.acquire(); event = threading.Event(); event.set(); local = threading.local(); local.value = "here"
@functools.lru_cache(None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
fib(100); tripled = functools.partial(triple, times=10)
@functools.singledispatch
def kind(value): return "any"
kind.register(int, lambda value: "int")
try: {}["gone"]
except KeyError as error: caught = error; caught_line = error.__traceback__.tb_lineno
group = ExceptionGroup("two", [ValueError("a"), TypeError("b")])
lines = io.StringIO("abc\ndef\n"); lines.readline(); raw = io.BytesIO(b"12345"); raw.read(2)
os.makedirs("/tmp/fidelity/deep", exist_ok=True)
file = open("/tmp/fidelity/lines", "w+"); file.write("one\ntwo\nthree\n"); file.seek(0); file.readline(); position = file.tell()
unflushed = open("/tmp/fidelity/unflushed", "w"); unflushed.write("only in a buffer")
with open("/tmp/fidelity/deep/blob", "wb") as blob: blob.write(bytes(range(256)) * 4096)
os.symlink("/tmp/fidelity/deep/blob", "/tmp/fidelity/link"); os.chmod("/tmp/fidelity/deep/blob", 0o640); os.utime("/tmp/fidelity/deep/blob", (1000, 2000)); inode = os.stat("/tmp/fidelity/deep/blob").st_ino
gone = open("/tmp/fidelity/gone", "w+"); gone.write("still here"); gone.flush(); os.unlink("/tmp/fidelity/gone")
twin = os.dup(file.fileno()); read_end, write_end = os.pipe(); os.write(write_end, b"in the pipe")
old_mask = os.umask(0o027); os.chdir("/tmp/fidelity"); os.environ["FIDELITY"] = "kept"
sys.setrecursionlimit(1234); sys.path.append("/tmp/fidelity")
with open("/tmp/fidelity/own_module.py", "w") as source: source.write("VALUE = 41\ndef answer(): return VALUE + 1\n")
import own_module; own_module.VALUE = 99
space = {}; exec("def hidden(): return 'hidden'", space); Dynamic = type("Dynamic", (Shape,), {"seven": lambda self: 7}); dynamic = Dynamic()
made = types.SimpleNamespace(a=1, nested=types.MappingProxyType({"k": "v"})); template = string.Template("$a b")
text_hash = hash("some text"); started = time.monotonic(); clock_offset = time.time() - time.monotonic()
memory_db = sqlite3.connect(":memory:"); memory_db.execute("create table t(a, b)"); memory_db.executemany("insert into t values(?, ?)", [(i, str(i)) for i in range(1000)]); cursor = memory_db.execute("select a from t order by a"); cursor.fetchone(); cursor.fetchone()
file_db = sqlite3.connect("/tmp/fidelity/file.db"); file_db.execute("create table t(a)"); file_db.execute("insert into t values(1)"); file_db.commit(); file_db.execute("insert into t values(2)")
tree = ElementTree.fromstring('<a><b x="1">t</b></a>'); squeeze = zlib.compressobj(); squeezed = squeeze.compress(b"hello" * 1000); bz = bz2.BZ2Compressor(); bz_part = bz.compress(b"bz"); xz = lzma.LZMACompressor(); xz_part = xz.compress(b"xz")
pickled = pickle.dumps({"a": [1, 2]}); reader = csv.reader(io.StringIO("a,b\nc,d\n")); next(reader)
def traced_hook(*args): return None
sys.excepthook = traced_hook; parsed = json.JSONDecoder(); gc.disable()
