/** Name of the Python module that the engine keeps inside every image. */
export const ENGINE_MODULE = "_rlm_snapshot";

/**
 * Python half of the engine. `keep` runs before each capture, `put_back` after each restore: Pyodide's boot prepends "" to sys.path and sets
 * sys.excepthook and LD_LIBRARY_PATH, which a restored session must not notice. `keep` also re-registers our modules, in case a cell emptied sys.modules.
 */
export const ENGINE_MODULE_SOURCE = `
import gc, importlib, os, site, sys, types, zipfile

_own = {}
_kept = []
scratch = {}
_packages = site.getsitepackages()[0]

def install(name, source):
    module = types.ModuleType(name)
    _own[name] = sys.modules[name] = module
    exec(compile(source, f"<{name}>", "exec"), module.__dict__)
    return module

def block(*names):
    for name in names:
        sys.modules[name] = None

def keep():
    sys.modules.update(_own)
    _kept[:] = [list(sys.path), sys.excepthook, os.environ.get("LD_LIBRARY_PATH")]

def put_back():
    path, hook, libraries = _kept
    sys.path[:] = path
    sys.excepthook = hook
    if libraries is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = libraries
    _kept.clear()
    # Left in __main__ by Pyodide's boot.
    sys.modules["__main__"].__dict__.pop("_pyodide_core", None)

def install_wheel(path):
    # Parts of a wheel under NAME.data/purelib and /platlib belong to the packages too; scripts, headers and data files have no use here.
    with zipfile.ZipFile(path) as wheel:
        for info in wheel.infolist():
            folder, _, rest = info.filename.partition("/")
            if folder.endswith(".data"):
                scheme, _, info.filename = rest.partition("/")
                if scheme not in ("purelib", "platlib"):
                    continue
            if info.filename and not info.is_dir():
                wheel.extract(info, _packages)
    os.remove(path)
    importlib.invalidate_caches()

def compiled_files():
    # One text, because a list would be an object of Python's that JavaScript holds.
    return "\\n".join([os.path.join(folder, name) for folder, _, names in os.walk(_packages) for name in names if name.endswith(".so")])

def namespace_address():
    return id(sys.modules["_rlm_main"].NAMESPACE)

def scratch_address():
    return id(scratch)

def bind_json(name):
    sys.modules["_rlm_main"].bind_json(name, scratch.pop("text"))

def large_texts(name, least):
    # In the order of the text that the value was made of. Exact types only: nothing else comes from JSON.
    found = []
    waiting = [iter([sys.modules["_rlm_main"].NAMESPACE[name]])]
    while waiting:
        for value in waiting[-1]:
            kind = type(value)
            if kind is str:
                if len(value) * 6 >= least:
                    found.append(id(value))
            elif kind is list:
                waiting.append(iter(value))
                break
            elif kind is dict:
                waiting.append(iter(value.values()))
                break
        else:
            waiting.pop()
    return " ".join(map(str, found))

def collect():
    gc.collect()

def freeze():
    gc.collect()
    gc.freeze()
`;
