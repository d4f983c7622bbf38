# The 25 attempts to get out of the interpreter, one function each, by name. What each gives or raises is reported; the names are held to the test's table.
import sys, os

def attempt_system(): return os.system(f"cat {SECRET} > {SECRET}.copy")
def attempt_popen(): return os.popen(f"cat {SECRET}").read()
def attempt_subprocess(): return __import__("subprocess").run(["cat", SECRET], capture_output=True).stdout
def attempt_js(): import js; return str(js.process.pid) + " env " + str(len(dir(js.process.env)))
def attempt_run_js():
    from pyodide.code import run_js
    return run_js("typeof process + (globalThis.Deno ? ' deno' : ' node')")

def of_host(body): return sys.modules["_rlm_host"].call.constructor(body)()
def of_array(body):
    from pyodide.ffi import to_js
    return to_js([1]).constructor.constructor(body)()
def by_constructor(body):
    # A function of the host's first, then any JavaScript object: both ways are told.
    told = []
    for way in (of_host, of_array):
        try: told.append(f"gave {way(body)!r}")
        except BaseException as error: told.append(f"{type(error).__name__}: {error}".split("\n")[0])
    return Refused(" / ".join(told))

BODIES = {
    "constructor eval": "return 40 + 2",
    "constructor read": "return Deno.readTextFileSync(%r)" % SECRET,
    "constructor env": "return Object.keys(Deno.env.toObject()).length",
    "constructor write": "Deno.writeTextFileSync(%r, 'x')" % (SECRET + ".written"),
    "constructor spawn": "return process.getBuiltinModule('child_process').spawnSync('id')",
    "constructor dlopen": "process.dlopen({ exports: {} }, '/x.node')",
    "constructor worker": "return new (process.getBuiltinModule('worker_threads').Worker)('1', { eval: true })",
    "constructor kill": "process.kill(process.ppid, 0)",
    "constructor binding": "return process.binding('spawn_sync')",
    "constructor inspector": "process.getBuiltinModule('inspector').open(0, '127.0.0.1')",
    "constructor fetch": "return fetch('http://127.0.0.1:%d/')" % PORT,
    "constructor import": "return import('node:child_process')",
    "constructor pollution": "Object.prototype.polluted = 'yes'",
}
def attempt_array():
    from pyodide.ffi import to_js
    return to_js([1]).constructor.constructor("return typeof globalThis")()
def attempt_module():
    import pyodide_js
    return Given("a module" if len(dir(pyodide_js._module)) > 1000 else "something else")
def attempt_nodefs():
    import pyodide_js
    from pyodide.ffi import to_js
    pyodide_js.FS.mkdirTree("/mnt_host")
    pyodide_js.FS.mount(pyodide_js.FS.filesystems.NODEFS, to_js({"root": "/tmp"}), "/mnt_host")
    return os.listdir("/mnt_host")
def attempt_ctypes_script():
    import ctypes
    run = ctypes.CDLL(None).emscripten_run_script_string
    run.restype = ctypes.c_char_p
    return run(b"typeof process")
def attempt_ctypes_system(): import ctypes; return ctypes.CDLL(None).system(f"cp {SECRET} {SECRET}.copy".encode())
def attempt_js_error():
    try: sys.modules["_rlm_host"].call(12345678)
    except Exception as error:
        return error.js_error.constructor.constructor("return typeof globalThis")()
    return "no error"
def attempt_socket():
    import socket
    connection = socket.create_connection(("127.0.0.1", PORT), timeout=2)
    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
    return connection.recv(50)

class Refused(Exception): pass
class Given(str): __repr__ = str.__str__
ATTEMPTS = {
    "os.system": attempt_system, "os.popen": attempt_popen, "subprocess": attempt_subprocess, "import js; js.process": attempt_js, "pyodide.code.run_js": attempt_run_js,
    **{name: (lambda body=body: by_constructor(body)) for name, body in BODIES.items()},
    "to_js constructor chain": attempt_array, "pyodide_js._module": attempt_module, "NODEFS mount": attempt_nodefs, "ctypes emscripten_run_script": attempt_ctypes_script,
    "ctypes system()": attempt_ctypes_system, "exception.js_error constructor": attempt_js_error, "socket connect": attempt_socket,
}
def tried(attempt):
    try: given = attempt()
    except BaseException as error: return f"{type(error).__name__}: {error}".split("\n")[0]
    return str(given) if isinstance(given, Refused) else f"gave {given!r}"
import json
# The report leaves before the session's state is looked at: some attempts leave behind what no snapshot can keep.
llm_query(json.dumps({name: tried(attempt)[:300] for name, attempt in ATTEMPTS.items() if name not in LEFT_OUT}))
