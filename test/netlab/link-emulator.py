"""A bad link between two network namespaces: what enters the TUN device of one comes out of the other's, late or never.

usage: link-emulator.py NAMESPACE_A NAMESPACE_B SEED        (root, Linux; nothing but Python's own library)

Makes a device `link0` in each of the two, which the caller gives addresses. Prints READY, then reads changes from stdin, one JSON object a line,
and answers each with OK: {"delayMs": 50, "jitterMs": 0, "lossPercent": 2, "isUp": true}, for both directions. Ends with its stdin.

Each direction draws two numbers a packet from a generator of its own, whatever the settings are, so that packet n of a direction always has the same
fate. A packet never overtakes another one: jitter delays those behind it too, as a queue does.
"""

import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import struct
import sys
import time

SET_INTERFACE = 0x400454CA
TUN_WITHOUT_HEADER = 0x0001 | 0x1000
NEW_NETWORK = 0x40000000
PACKETS_AT_ONCE = 64

libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    """Moves this process into the network namespace of an open descriptor."""
    if libc.setns(namespace, NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), 'setns')


def open_device(name):
    """A device in the namespace of that name. Its descriptor works from any."""
    home = os.open('/proc/self/ns/net', os.O_RDONLY)
    away = os.open('/var/run/netns/' + name, os.O_RDONLY)
    enter(away)
    device = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, SET_INTERFACE, struct.pack('16sH22x', b'link0', TUN_WITHOUT_HEADER))
    enter(home)
    os.close(home)
    os.close(away)
    return device


class Direction:
    """One way of the link: packets go in with the time, and come out of the heap when they are due."""

    def __init__(self, source, target, seed):
        self.source, self.target = source, target
        self.random = random.Random(seed)
        self.last_due = 0.0

    def feed(self, packet, now, settings, heap):
        loss, jitter = self.random.random(), self.random.random()
        if not settings['isUp'] or loss * 100 < settings['lossPercent']:
            return
        late = max(0.0, settings['delayMs'] + (2 * jitter - 1) * settings['jitterMs']) / 1000
        self.last_due = max(self.last_due, now + late)
        heapq.heappush(heap, (self.last_due, next(serial), self.target, packet))


def serials():
    number = 0
    while True:
        yield number
        number += 1


serial = serials()


def release(heap):
    """Sends what is due, whatever the other device says: a full queue drops, as a router's does."""
    while heap and heap[0][0] <= time.monotonic():
        _, _, target, packet = heapq.heappop(heap)
        try:
            os.write(target, packet)
        except OSError:
            pass


def main():
    namespace_a, namespace_b, seed = sys.argv[1:]
    a, b = open_device(namespace_a), open_device(namespace_b)
    directions = {a: Direction(a, b, seed + ' a to b'), b: Direction(b, a, seed + ' b to a')}
    settings = {'delayMs': 0.0, 'jitterMs': 0.0, 'lossPercent': 0.0, 'isUp': True}
    heap, typed = [], b''
    print('READY', flush=True)
    while True:
        release(heap)
        patience = max(0.0, heap[0][0] - time.monotonic()) if heap else None
        for ready in select.select([a, b, 0], [], [], patience)[0]:
            if ready == 0:
                chunk = os.read(0, 65536)
                if not chunk:
                    return
                *lines, typed = (typed + chunk).split(b'\n')
                for line in lines:
                    settings.update(json.loads(line))
                    print('OK', flush=True)
                continue
            for _ in range(PACKETS_AT_ONCE):
                try:
                    packet = os.read(ready, 65536)
                except BlockingIOError:
                    break
                directions[ready].feed(packet, time.monotonic(), settings, heap)


# Timers of this process as sharp as the kernel has them: 50 us of slack otherwise.
libc.prctl(29, 1, 0, 0, 0)
main()
