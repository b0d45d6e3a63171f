"""Measures pypi-attestations. Reads one request per line, writes one answer per line, in JSON."""

import json
import multiprocessing
import os
import sys
import tempfile
import time
from importlib.metadata import version

import pypi_attestations
import sigstore.models
import sigstore.verify

work = {}


def load(path):
    with open(path, encoding="utf-8") as file:
        for name, jobs in json.load(file).items():
            with tempfile.NamedTemporaryFile("w", delete=False) as root:
                root.write(jobs["trustedRoot"])
            work[name] = (root.name, jobs["warmUp"], jobs["jobs"])
    return {
        "Python": ".".join(map(str, sys.version_info[:3])),
        "pypi-attestations": version("pypi-attestations"),
        "sigstore (Python)": version("sigstore"),
    }


def trust(path):
    """Where the package asks for the public instance's trust root, it is given this one."""

    def production(cls, *, offline=False):
        return cls(trusted_root=sigstore.models.TrustedRoot.from_file(path))

    sigstore.verify.Verifier.production = classmethod(production)


def verify(job):
    provenance = pypi_attestations.Provenance.model_validate_json(job["provenance"])
    distribution = pypi_attestations.Distribution(name=job["filename"], digest=job["sha256"])
    for bundle in provenance.attestation_bundles:
        for attestation in bundle.attestations:
            attestation.verify(bundle.publisher, distribution, offline=True)


def time_each(jobs):
    for job in jobs:
        start = time.perf_counter()
        verify(job)
        yield (time.perf_counter() - start) * 1000


def time_all(jobs, each):
    start = time.perf_counter()
    each(verify, jobs)
    return [(time.perf_counter() - start) * 1000 / len(jobs)]


def verify_share(share):
    _, _, jobs = work["thousand"]
    for job in jobs[share[0] : share[1]]:
        verify(job)


def measure(name):
    root, warm_up, jobs = work[name]
    trust(root)
    verify(warm_up)
    if name == "release":
        return time_all(jobs, lambda run, all_jobs: [run(job) for job in all_jobs])
    if name != "thousand":
        return list(time_each(jobs))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    step = -(-len(jobs) // cores)
    shares = [(first, first + step) for first in range(0, len(jobs), step)]
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        pool.map(verify_share, [(0, 1)] * cores, 1)
        return time_all(jobs, lambda _, __: pool.map(verify_share, shares, 1))


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = load(request["load"]) if "load" in request else measure(request["measure"])
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)

for root, _, _ in work.values():
    os.unlink(root)
