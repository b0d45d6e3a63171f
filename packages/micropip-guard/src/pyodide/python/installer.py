"""micropip: a whole install is judged at once, before anything is unpacked or uninstalled."""


def guard_transaction(module):
    kind = module.Transaction
    gather, add, satisfied = (
        kind.gather_requirements,
        kind.add_wheel,
        kind.check_version_satisfied,
    )

    @functools.wraps(gather)
    async def gather_requirements(self, requirements):
        if "_satisfied" in self.__dict__:
            return await gather(self, requirements)
        self._satisfied = {}
        await gather(self, requirements)
        if not self.failed:
            await judge(self)

    @functools.wraps(add)
    async def add_wheel(self, wheel, *args, **kwargs):
        bridge.selected(wheel.name, wheel.filename, wheel.sha256 or "")
        return await add(self, wheel, *args, **kwargs)

    @functools.wraps(satisfied)
    def check_version_satisfied(self, req, *args, **kwargs):
        answer = satisfied(self, req, *args, **kwargs)
        if answer[0] and req.name not in self.locked:
            self._satisfied.update(unverified(req.name))
        return answer

    kind.gather_requirements = gather_requirements
    kind.add_wheel = add_wheel
    kind.check_version_satisfied = check_version_satisfied


async def judge(transaction):
    judged.clear()
    digests.clear()
    wheels = []
    for each in transaction.wheels:
        data = each._data
        digest = hashlib.sha256(data).hexdigest()
        digests[id(data)] = data, digest
        folders = folders_in(data)
        judged.setdefault(len(data), []).append((digest, data, folders))
        wheels.append([digest, folders, each.name, str(each.version), each.filename, each.url])
    names = [each.name for each in transaction.pyodide_packages]
    satisfied = list(transaction._satisfied.values())
    answer = await bridge.judge(to_js(wheels), to_js(names), to_js(satisfied))
    if answer:
        judged.clear()
        raise ProvenanceError(**json.loads(answer))


def unverified(name):
    """A distribution that satisfies a requirement and that no approved archive brought."""
    found = importlib.metadata.distribution(name)
    path = getattr(found, "_path", None)
    if path is not None and os.path.realpath(path) in installed:
        return {}
    kind = "mock" if is_mock(found) else "installed"
    return {name: [found.name, found.version, kind, str(path)]}


def is_mock(distribution):
    """Whether micropip.add_mock_package made it: its code is that of whoever called that."""
    return distribution.read_text("INSTALLER") in MOCK


def guard_package_index(module):
    query = module.query_package

    @functools.wraps(query)
    async def query_package(name, *args, **kwargs):
        urls = kwargs.get("index_urls", args[0] if args else [])
        bridge.queried(name, to_js([urls] if isinstance(urls, str) else urls))
        if "compat_layer" in kwargs:
            kwargs["compat_layer"] = Relay(name, kwargs["compat_layer"])
        return await query(name, *args, **kwargs)

    module.query_package = query_package


class Relay:
    """micropip's way to an index. The guard sees the pages, too, and need not ask for them again."""

    def __init__(self, project, layer):
        self.project = project
        self.layer = layer

    def __getattr__(self, name):
        return getattr(self.layer, name)

    async def fetch_string_and_headers(self, url, kwargs):
        text, headers = await self.layer.fetch_string_and_headers(url, kwargs)
        bridge.fetched(self.project, url, headers.get("content-type", ""), text)
        return text, headers


def guard_wheelinfo(module):
    module._generate_package_hash = sha256_of


def guard_micropip(module):
    for name in ("transaction", "package_index"):
        if f"micropip.{name}" not in sys.modules:
            raise unsupported("micropip", "one without its module " + name)


def require_supported():
    """Requires a version of micropip that installs as this guard expects it."""
    try:
        version = importlib.metadata.version("micropip")
    except importlib.metadata.PackageNotFoundError:
        raise unsupported("micropip", "one of no known version") from None
    if version not in MICROPIP:
        raise unsupported("micropip", version)


def unsupported(name, found):
    return ProvenanceError(**json.loads(bridge.unsupported(name, found)))
