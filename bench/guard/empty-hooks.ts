/** Hooks in the guard's places, by the same means, which do nothing but call what was there. */
export const EMPTY_HOOKS: string = `
import functools
import importlib.abc
import importlib.machinery
import sys
import types
from pyodide import _package_loader


def entry(*args, **kwargs):
    return _empty_hook(*args, **kwargs)


def hooked(original, *args, **kwargs):
    bridge.seen("unpack_buffer")
    return original(*args, **kwargs)


function = _package_loader.unpack_buffer
original = types.FunctionType(function.__code__, function.__globals__, function.__name__)
original.__kwdefaults__ = function.__kwdefaults__
_package_loader._empty_hook = functools.partial(hooked, original)
function.__code__ = entry.__code__


def hook_transaction(module):
    kind = module.Transaction
    gather, add, satisfied = (
        kind.gather_requirements,
        kind.add_wheel,
        kind.check_version_satisfied,
    )

    async def gather_requirements(self, requirements):
        bridge.seen("gather_requirements")
        await gather(self, requirements)

    async def add_wheel(self, wheel, *args, **kwargs):
        bridge.seen("add_wheel")
        return await add(self, wheel, *args, **kwargs)

    def check_version_satisfied(self, req, *args, **kwargs):
        bridge.seen("check_version_satisfied")
        return satisfied(self, req, *args, **kwargs)

    kind.gather_requirements = gather_requirements
    kind.add_wheel = add_wheel
    kind.check_version_satisfied = check_version_satisfied


def hook_package_index(module):
    query = module.query_package

    async def query_package(*args, **kwargs):
        bridge.seen("query_package")
        return await query(*args, **kwargs)

    module.query_package = query_package


HOOKS = {
    "micropip.transaction": hook_transaction,
    "micropip.package_index": hook_package_index,
}


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name not in HOOKS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
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
        self.loader.exec_module(module)
        HOOKS[self.name](module)


sys.meta_path.insert(0, Finder())
`;
