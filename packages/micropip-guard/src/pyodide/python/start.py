"""Puts the guard in place, and keeps it there when a module is loaded again."""


def guard(name, module):
    try:
        GUARDED[name](module)
    except (AttributeError, TypeError) as error:
        raise unsupported(name, f"another one: {error}") from None


GUARDED = {
    "pyodide._package_loader": guard_unpacker,
    "micropip": guard_micropip,
    "micropip.transaction": guard_transaction,
    "micropip.package_index": guard_package_index,
    "micropip.wheelinfo": guard_wheelinfo,
}


class Finder(importlib.abc.MetaPathFinder):
    """Finds the guarded modules as ever, and guards them each time they are executed."""

    def find_spec(self, name, path=None, target=None):
        if name not in GUARDED:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = Loader(name, spec.loader)
        return spec


class Loader(importlib.abc.Loader):
    def __init__(self, name, loader):
        self.name = name
        self.loader = loader

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        if self.name == "micropip":
            require_supported()
        self.loader.exec_module(module)
        guard(self.name, module)


def present():
    """What can be imported and came neither with Python nor through this guard."""
    found = []
    explained = set()
    for each in importlib.metadata.distributions():
        path = getattr(each, "_path", None)
        place = "" if path is None else os.path.realpath(path)
        if place not in installed:
            found.append([each.name, each.version, "mock" if is_mock(each) else "installed", place])
        explained.add(os.path.basename(place))
        explained.update(str(file).split("/")[0] for file in each.files or ())
    for place in site.getsitepackages():
        names = os.listdir(place) if os.path.isdir(place) else []
        found += [[each, "", "file", place] for each in sorted(names) if each not in explained]
    return json.dumps(found)


def start(other_half):
    """Puts everything in place; what was imported before is guarded, too."""
    global bridge
    bridge = other_half
    if "micropip" in sys.modules:
        require_supported()
    for name in GUARDED:
        if name in sys.modules:
            guard(name, sys.modules[name])
    sys.meta_path.insert(0, Finder())
    module = types.ModuleType("micropip_guard", "What the guard of this interpreter did.")
    module.ProvenanceError = ProvenanceError
    module.report = Report
    sys.modules["micropip_guard"] = module


def libraries():
    """The folders that hold nothing but what was installed."""
    places = [*site.getsitepackages(), os.path.dirname(os.__file__), "/lib", "/usr/lib"]
    return to_js([os.path.realpath(each) for each in places])


def probe():
    """An archive that nobody approved, to see whether it is stopped."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        # Without a date: clocks are wrong, and a zip archive knows no year before 1980.
        archive.writestr(zipfile.ZipInfo("micropip_guard_probe.py"), "")
    return to_js(data.getvalue())


class Report:
    """What was decided so far; a table in notebooks."""

    def __init__(self):
        self.__dict__.update(json.loads(bridge.report()))

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return self.html
