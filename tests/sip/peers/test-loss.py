#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each message of each basic flow lost once, doubled once, late once (UDP): the flow completes all the same.

A flow is recorded once without a fault; then it runs once for each of its messages with a fault at that one. All is well when
the flow went through, every transaction ended on the wire within the time RFC 3261 gives it, both phones are idle, and
nothing is left in them. $DESKSET_TEST_FULL: all of them; else a sample, chosen with the seed that is printed
($DESKSET_TEST_SEED).
"""

import collections
import concurrent.futures
import os
import queue
import random
import statistics
import tempfile
import unittest

import loss_rig
from relay import make_seed

FULL = bool(os.environ.get("DESKSET_TEST_FULL"))
SEED = make_seed()
N_STATIONS = 4
SAMPLES = {"drop": 50, "duplicate 2 after=40ms": 20, "delay 700ms": 20}
Case = collections.namedtuple("Case", "flow message action")


class Loss(unittest.TestCase):
    def setUp(self):
        self.stations = queue.SimpleQueue()
        self.opened = []
        folder = tempfile.TemporaryDirectory(prefix="deskset-loss-")
        self.addCleanup(folder.cleanup)
        self.addCleanup(lambda: [station.close() for station in self.opened])
        self.registry = os.path.join(folder.name, "gstreamer-registry")
        self.stations.put(self.open_station(SEED))
        with concurrent.futures.ThreadPoolExecutor(N_STATIONS) as pool:
            for station in pool.map(lambda number: self.open_station(SEED + number), range(1, N_STATIONS)):
                self.stations.put(station)

    def open_station(self, seed):
        station = loss_rig.Station(seed, self.registry).__enter__()
        self.opened.append(station)
        return station

    def on_a_station(self, job):
        """Runs `job (station)`. A station where something went wrong is not used again."""
        station = self.stations.get()
        mark = station.relay.mark()
        try:
            result = job(station)
        except Exception as error:
            trace = station.trace(mark)
            self.stations.put(self.open_station(station.seed))
            return None, f"{error}\n{trace}"
        self.stations.put(station)
        return result, None

    def choose(self, cases):
        if FULL:
            return cases
        dice = random.Random(SEED)
        chosen = []
        for action, count in SAMPLES.items():
            of_action = [case for case in cases if case.action == action]
            chosen += dice.sample(of_action, min(count, len(of_action)))
        return chosen

    def test_each_message_once(self):
        print(f"seed {SEED}; again: DESKSET_TEST_SEED={SEED}", flush=True)
        flows = loss_rig.all_flows()
        with concurrent.futures.ThreadPoolExecutor(N_STATIONS) as pool:
            recorded = dict(zip(flows, pool.map(lambda flow: self.on_a_station(lambda s: s.record(flow)), flows)))
            for flow, (_, error) in recorded.items():
                self.assertIsNone(error, f"{flow}, without any fault")
            cases = [Case(flow, message, action) for action in SAMPLES for flow, ((messages, _), _) in recorded.items()
                     for message in messages]
            chosen = self.choose(cases)
            print(f"{len(flows)} flows, {len(cases) // len(SAMPLES)} messages, {len(chosen)} of {len(cases)} cases", flush=True)
            # The long ones first, so that no station waits for the last.
            results = list(pool.map(lambda case: self.on_a_station(lambda s: s.run(case.flow, case.message, case.action)), chosen))
        self.report(recorded, chosen, results)

    def test_a_fifth_of_all_is_lost(self):
        """20 % of the SIP messages: most calls come about all the same, and none leaves anything behind."""
        count = 40 if FULL else 8
        with concurrent.futures.ThreadPoolExecutor(N_STATIONS) as pool:
            results = list(pool.map(lambda i: self.on_a_station(lambda s: s.call_through_loss("20%", i % 2 == 0)), range(count)))
        self.assertEqual([], [error for _, error in results if error])
        seconds = [result[0] for result, _ in results]
        talked = sum(result[1] for result, _ in results)
        print(f"20 % loss: {talked} of {count} calls came about; median {statistics.median(seconds):.1f} s, worst {max(seconds):.1f} s "
              f"until all was over (seed {SEED})")
        self.assertGreaterEqual(talked, count * 0.75)

    def report(self, recorded, chosen, results):
        failures, absent, times = [], [], collections.defaultdict(list)
        for case, (result, error) in zip(chosen, results):
            what = f"{case.flow}: {case.action}: {case.message}"
            if error:
                failures.append(f"{what}: {error}")
            elif not result[1]:
                absent.append(what)
            else:
                times[case.action, str(case.flow)].append((result[0], what))
        for (action, flow), values in sorted(times.items()):
            seconds = [value for value, _ in values]
            clean = next(took for one, ((_, took), _) in recorded.items() if str(one) == flow)
            print(f"{action.split()[0]:9} {flow:36} {len(values):3} messages: without fault {clean:5.2f} s, median "
                  f"{statistics.median(seconds):5.2f} s, worst {max(values)[0]:5.2f} s ({max(values)[1].rsplit(': ', 1)[1]})")
        for what in absent:
            print(f"did not come by this time: {what}")
        self.assertEqual([], failures, f"{len(failures)} of {len(chosen)} failed:\n" + "\n\n".join(failures))
        self.assertLessEqual(len(absent), max(3, len(chosen) // 20), "too many messages did not come by")
        late = [what for values in times.values() for took, what in values if took > loss_rig.LIMIT_S]
        self.assertEqual([], late, f"longer than {loss_rig.LIMIT_S} s")


if __name__ == "__main__":
    unittest.main(verbosity=2)
