"""The guard inside the interpreter. `start` puts it in place; `bridge` is its other half."""

import functools
import hashlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import io
import json
import os
import shutil
import site
import sys
import types
import zipfile

from pyodide.ffi import to_js

# Versions of micropip whose every way of installing has been tried with this guard.
MICROPIP = ("0.10.1", "0.11.0", "0.11.1")
MOCK = ("micropip in-memory mock package", "micropip mock package")
ZIPS = ("zip", "whl")
TARS = ("tar", "gztar", "bztar", "xztar", "zstdtar")

# Set by `start`.
bridge = None
# Wheels of the install under way whose bytes were judged, by their length: comparing is faster
# than hashing once more.
judged = {}
# Digests of wheels in memory, by identity: micropip asks for each of them twice.
digests = {}
# Where approved archives have put their metadata folders.
installed = set()


class ProvenanceError(Exception):
    """An install was refused, and nothing of it was unpacked. `code` says why."""

    def __init__(self, text, **facts):
        super().__init__(text)
        self.__dict__.update(facts)

    def _render_traceback_(self):
        # What IPython shows in a notebook: the refusal, and not the way through micropip to it.
        return [f"{type(self).__name__}: {self}"]


ProvenanceError.__module__ = "micropip_guard"
