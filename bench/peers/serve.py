"""What every Python peer shares: how it is spoken to. The twin of serve.mjs, which tells the protocol."""

import json
import sys
import time
from math import prod

started = time.perf_counter()


def workload():
    """The workload of this process. Read before a library is imported, since threads are set in its environment."""
    return json.loads(sys.argv[1])


def given_from(wanted):
    """The given tensors by name, as NumPy arrays in their shapes."""
    import numpy as np

    data = np.fromfile(wanted["file"], dtype=np.uint8)
    arrays = {}
    for name, tensor in wanted["tensors"].items():
        offset, size = tensor["offset"], 4 * prod(tensor["shape"])
        arrays[name] = data[offset : offset + size].view(tensor["dtype"]).reshape(tensor["shape"]).copy()
    return arrays


def peak_memory():
    """Peak resident memory of this process in MiB, as the operating system counts it."""
    try:
        # not getrusage, which starts at what the parent had when it forked
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        import resource

        scale = 2**20 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def work(step, seconds):
    """Works for so many seconds, at least one step. `step` returns how many units it did."""
    begin = now = time.perf_counter()
    units = 0
    while units == 0 or now - begin < seconds:
        units += step()
        now = time.perf_counter()
    return {"units": units, "seconds": now - begin}


def serve(prepare):
    """Runs a peer: `prepare(workload, given)` returns a dict with `check`, `step` and `versions`."""
    wanted = workload()
    peer = prepare(wanted, given_from(wanted["given"]))
    step = peer.pop("step")

    def say(answer):
        print(json.dumps(answer), flush=True)

    milliseconds = 1000 * (time.perf_counter() - started)
    say({"ready": True, "milliseconds": milliseconds, **peer})
    for line in sys.stdin:
        say(work(step, json.loads(line)["seconds"]))
    say({"peakMiB": peak_memory()})
